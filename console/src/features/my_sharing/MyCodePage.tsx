// The code that shows who an end user is. Whoever wants to share with them scans it; it tells a name and nothing else.
import { Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { createAccountCode } from "../../api/calls";
import { PageHead } from "../../shell/PageHead";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useNow } from "../../ui/useNow";
import { useMySession } from "../my/session";
import { useMyLive } from "../my/useMyLive";
import { TimedCode } from "./CodeView";
import { secondsUntil } from "./lists";
import { ReceivedOffers } from "./ReceivedOffers";

export function MyCodePage() {
  const { t } = useTranslation();
  const { end_user } = useMySession();
  const now = useNow(1000);
  const poll = useMyLive();
  const begun = useRef(false);
  const making = useMutation({ mutationFn: createAccountCode });
  const make = () => making.mutate();
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    making.mutate();
  }, [making]);
  return (
    <Stack gap="lg" maw={560}>
      <PageHead title={t("sharing.my_code")} hint={t("sharing.my_code_hint")} up={{ to: "/my/shared", text: t("my_shares.title") }} />
      <ReceivedOffers poll={poll} />
      <ErrorNote error={making.error} onRetry={make} />
      {making.data ? (
        <div className="card">
          <Text fw={650} fz="lg" ta="center" mb="sm" className="wrap">{end_user.name}</Text>
          <TimedCode url={making.data.url} label={t("sharing.my_code_alt")} left={secondsUntil(making.data.expires_at, now)} busy={making.isPending} onRenew={make} />
        </div>
      ) : making.isPending ? <LoadingRows height={320} /> : null}
    </Stack>
  );
}
