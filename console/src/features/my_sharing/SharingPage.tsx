// What an owner shares: who asks for it, what is offered, what others have, and the codes by which one can ask.
import { Button, Stack, Text } from "@mantine/core";
import { IconShare3 } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { PageHead } from "../../shell/PageHead";
import { useDialog } from "../../ui/useDialog";
import { useMyLive } from "../my/useMyLive";
import { Applications } from "./Applications";
import { Codes } from "./Codes";
import { GivenShares } from "./GivenShares";
import { Offers } from "./Offers";
import { ShareDialog } from "./ShareDialog";

export function SharingPage() {
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const device = parameters.get("device") ?? undefined;
  // Other pages lead here with what is to be shared.
  const [wanted, setWanted] = useState<{ siteId?: string; deviceId?: string }>(() => ({ siteId: parameters.get("share") ?? undefined, deviceId: device }));
  const poll = useMyLive();
  const sharing = useDialog();
  const anything = () => {
    setWanted({});
    sharing.open();
  };
  useEffect(() => {
    if (!parameters.has("share")) return;
    sharing.open();
    setParameters(device ? { device } : {}, { replace: true });
  });
  return (
    <Stack gap="lg">
      <PageHead
        title={t("sharing.title")} hint={t("sharing.hint")}
        up={device ? { to: "/my/sharing", text: t("sharing.all") } : undefined}
        actions={<Button leftSection={<IconShare3 size={18} aria-hidden="true" />} onClick={anything}>{t("sharing.share_something")}</Button>}
      />
      <Applications poll={poll} />
      <Offers poll={poll} />
      <GivenShares deviceId={device} poll={poll} />
      <Codes poll={poll} />
      <Text size="sm" c="dimmed">{t("sharing.received_hint")} <Link to="/my/shared" className="link">{t("my_shares.title")}</Link></Text>
      {sharing.key > 0 ? <ShareDialog key={sharing.key} opened={sharing.opened} onClose={sharing.close} {...wanted} /> : null}
    </Stack>
  );
}
