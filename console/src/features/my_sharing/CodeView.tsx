// A code that lasts for 300 seconds, with a clock, and whoever scanned it. A tap makes another when it is over.
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { createShareCode, renewShareCode } from "../../api/calls";
import { CopyLine } from "../../ui/CopyLine";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { QrPicture } from "../../ui/QrPicture";
import { useNow } from "../../ui/useNow";
import { Applications } from "./Applications";
import { clockText, secondsUntil } from "./lists";
import type { Shared } from "./sharing";

interface Properties { channels: Shared[]; onBack: () => void; onDone: () => void; onChanged: () => void }

export function CodeView({ channels, onBack, onDone, onChanged }: Properties) {
  const { t } = useTranslation();
  const now = useNow(1000);
  const begun = useRef(false);
  const making = useMutation({
    mutationFn: (before: string | null) => (before ? renewShareCode(before) : createShareCode({ kind: "temporary", channels })), onSuccess: onChanged,
  });
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    making.mutate(null);
  }, [making]);
  const code = making.data;
  const left = code ? secondsUntil(code.expires_at, now) : 0;
  return (
    <Stack>
      <Text c="dimmed" size="sm">{t("sharing.code_hint")}</Text>
      <ErrorNote error={making.error} onRetry={code ? undefined : () => making.mutate(null)} />
      {code ? <TimedCode url={code.url} label={t("sharing.code_alt")} left={left} busy={making.isPending} onRenew={() => making.mutate(code.id)} /> : null}
      {!code && making.isPending ? <LoadingRows height={240} /> : null}
      {code ? <Applications codeId={code.id} /> : null}
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>{t("do.back")}</Button>
        <Button variant="default" onClick={onDone}>{t("do.done")}</Button>
      </Group>
    </Stack>
  );
}

interface Timed { url: string; label: string; left: number; busy: boolean; onRenew: () => void }

/** A code with its clock: gone from the screen once it is of no use. */
export function TimedCode({ url, label, left, busy, onRenew }: Timed) {
  const { t } = useTranslation();
  if (left === 0) {
    return (
      <div className="timed-code">
        <Text role="status" fw={600}>{t("sharing.code_over")}</Text>
        <Button size="lg" leftSection={<IconRefresh size={20} aria-hidden="true" />} loading={busy} onClick={onRenew}>{t("sharing.code_renew")}</Button>
      </div>
    );
  }
  return (
    <div className="timed-code">
      <QrPicture label={label} text={url} size={260} />
      <Text className="timed-clock" role="timer" aria-label={t("sharing.code_left")} fz="xl" fw={700}>{clockText(left)}</Text>
      <Button variant="default" leftSection={<IconRefresh size={18} aria-hidden="true" />} loading={busy} onClick={onRenew}>{t("sharing.code_renew")}</Button>
      <CopyLine label={t("sharing.code_link")} text={url} />
    </div>
  );
}
