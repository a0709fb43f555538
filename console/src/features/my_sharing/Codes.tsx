// The codes that others can apply with: what each is for, how long it lasts, how many used it, and the way to end it.
import { Button, Group, Text, Title } from "@mantine/core";
import { IconClockHour4, IconQrcode } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listShareCodes, renewShareCode, revokeShareCode } from "../../api/calls";
import type { ShareCode } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useDialog } from "../../ui/useDialog";
import { useNow } from "../../ui/useNow";
import { secondsUntil } from "./lists";
import { LongTermView } from "./LongTermView";
import { SharedLines } from "./SharedLines";

export function Codes({ poll }: { poll: number | false }) {
  const { t } = useTranslation();
  const now = useNow();
  const list = usePages("my share codes", {}, listShareCodes, poll);
  const good = list.items.filter(({ standing, expires_at }) => (standing === "open" || standing === "full") && secondsUntil(expires_at, now) > 0);
  if (list.isError) return <ErrorNote error={list.error} onRetry={() => void list.refetch()} />;
  if (good.length === 0) return null;
  return (
    <section className="card" aria-labelledby="codes-title">
      <Title order={2} fz="h4" id="codes-title">{t("sharing.codes")}</Title>
      <Text size="sm" c="dimmed">{t("sharing.codes_hint")}</Text>
      <ul className="line-list" aria-labelledby="codes-title">
        {good.map((code) => <CodeLine key={code.id} code={code} />)}
      </ul>
      <MoreButton list={list} />
    </section>
  );
}

function CodeLine({ code }: { code: ShareCode }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const revoking = useDialog();
  const showing = useDialog();
  const again = () => void client.invalidateQueries({ queryKey: ["my share codes"] });
  const renewing = useMutation({
    mutationFn: () => renewShareCode(code.id),
    onSuccess: () => {
      again();
      showing.open();
    },
  });
  const long = code.kind === "long_term";
  const name = code.label || t("sharing.code_temporary");
  const Shown = long ? IconQrcode : IconClockHour4;
  return (
    <li className="line line-stack">
      <div className="grow">
        <Text fw={600} className="wrap"><Shown size={18} aria-hidden="true" /> {name}</Text>
        <Text size="sm" c="dimmed" className="wrap">
          {[code.site_name, t("sharing.until", { at: formatInstant(code.expires_at, i18n.language) }), long ? t("sharing.places", { taken: code.receivers, most: code.most_receivers }) : ""]
            .filter(Boolean).join(" · ")}
        </Text>
        <SharedLines channels={code.channels} />
        <ErrorNote error={renewing.error} />
      </div>
      <Group gap="xs" className="line-end">
        {long ? (
          <Button variant="default" size="sm" aria-label={`${t("sharing.code_new_link")}: ${name}`} loading={renewing.isPending} onClick={() => renewing.mutate()}>
            {t("sharing.code_new_link")}
          </Button>
        ) : null}
        <Button variant="default" size="sm" aria-label={`${t("sharing.revoke")}: ${name}`} onClick={revoking.open}>{t("sharing.revoke")}</Button>
      </Group>
      <Dialog opened={showing.opened && Boolean(renewing.data)} onClose={showing.close} title={name} size={600}>
        {renewing.data ? <LongTermView code={renewing.data} onDone={showing.close} /> : null}
      </Dialog>
      <ConfirmDialog
        key={revoking.key} opened={revoking.opened} onClose={revoking.close} title={t("sharing.revoke_title", { name })} text={t("sharing.revoke_text")}
        action={t("sharing.revoke")} run={() => revokeShareCode(code.id)}
        onDone={() => {
          revoking.close();
          again();
        }}
      />
    </li>
  );
}
