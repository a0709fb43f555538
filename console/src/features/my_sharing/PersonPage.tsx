// Where the code of an account leads when a phone's own camera reads it: to sharing with whoever showed it.
import { Button, Stack, Text } from "@mantine/core";
import { IconShare3, IconUserCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "react-router";
import { readAccountCode } from "../../api/calls";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useDialog } from "../../ui/useDialog";
import { ShareDialog } from "./ShareDialog";
import { takeToken } from "./tokens";

export function PersonPage() {
  const { t } = useTranslation();
  const location = useLocation();
  const [token, setToken] = useState(takeToken);
  const sharing = useDialog();
  useEffect(() => {
    const next = takeToken();
    if (next) setToken(next);
  }, [location]);
  const person = useQuery({ queryKey: ["my scanned person", token], queryFn: () => readAccountCode(token ?? ""), enabled: Boolean(token), retry: false, staleTime: Infinity });
  const name = person.data?.name;
  return (
    <Stack gap="lg">
      <PageHead title={t("sharing.person_title")} up={{ to: "/my/sharing", text: t("sharing.title") }} />
      {token ? null : <Text role="note">{t("sharing.no_token")}</Text>}
      {person.isFetching ? <LoadingRows /> : null}
      <ErrorNote error={person.error} />
      {token && name ? (
        <>
          <Empty Icon={IconUserCheck} title={name} hint={t("sharing.person_hint", { name })}>
            <Button leftSection={<IconShare3 size={18} aria-hidden="true" />} onClick={sharing.open}>{t("sharing.share_with", { name })}</Button>
          </Empty>
          {sharing.key > 0 ? <ShareDialog key={sharing.key} opened={sharing.opened} onClose={sharing.close} person={{ token, name }} /> : null}
        </>
      ) : null}
    </Stack>
  );
}
