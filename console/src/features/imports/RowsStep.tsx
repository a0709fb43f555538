// The list of what the code holds; a person ticks what to add.
import { Alert, Button, Checkbox, Group, Stack, Text, Title } from "@mantine/core";
import { IconClockExclamation, IconEyeExclamation } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Import } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { useSession } from "../session/session";
import { canTick } from "./scanState";
import { RowLine } from "./RowLine";

interface Properties {
  found: Import; ticked: ReadonlySet<number>; busy: boolean; error: unknown;
  onTick: (index: number, on: boolean) => void; onTickAll: (on: boolean) => void; onConfirm: () => void;
}

export function RowsStep({ found, ticked, busy, error, onTick, onTickAll, onConfirm }: Properties) {
  const { t } = useTranslation();
  const { staff } = useSession();
  const able = found.rows.filter(canTick).length;
  const barred = found.older_than_limit && !staff.is_admin;
  return (
    <Stack gap="sm">
      <Title order={3} fz="h4">{t("scan.rows_title")}</Title>
      <CodeAge found={found} />
      {found.weak ? (
        <Alert role="note" className="note note-warn" title={t("scan.weak_title")} icon={<IconEyeExclamation aria-hidden="true" />}>
          {t("scan.weak_text")}
        </Alert>
      ) : null}
      {found.older_than_limit ? (
        <Alert className="note note-warn" title={t("scan.old_title")} icon={<IconClockExclamation aria-hidden="true" />}>
          {t(staff.is_admin ? "scan.old_admin" : "scan.old_other")}
        </Alert>
      ) : null}
      {able > 0 ? (
        <Group justify="space-between" className="tick-all">
          <Checkbox
            size="md" label={t("scan.select_all")} checked={ticked.size === able} indeterminate={ticked.size > 0 && ticked.size < able}
            onChange={(event) => onTickAll(event.currentTarget.checked)}
          />
          <Text size="sm" c="dimmed">{t("scan.selected", { n: ticked.size, total: found.rows.length })}</Text>
        </Group>
      ) : <Alert className="note">{t("scan.rows_none")}</Alert>}
      <ul className="import-rows">
        {found.rows.map((row) => (
          <RowLine key={row.index} row={row} ticked={ticked.has(row.index)} onTick={(on) => onTick(row.index, on)} />
        ))}
      </ul>
      <ErrorNote error={error} />
      <div className="dialog-foot">
        <Button fullWidth size="lg" loading={busy} disabled={ticked.size === 0 || barred} onClick={onConfirm}>
          {ticked.size === 0 ? t("scan.add_none") : t("scan.add", { count: ticked.size })}
        </Button>
      </div>
    </Stack>
  );
}

function CodeAge({ found }: { found: Import }) {
  const { t, i18n } = useTranslation();
  if (found.qr_created_at === null && found.kind === "sealed") return null;
  if (found.qr_created_at === null) return <Text size="sm" c="dimmed">{t("scan.age_unknown")}</Text>;
  const days = found.age_days ?? 0;
  return (
    <Text size="sm" c="dimmed">
      {days < 1 ? t("scan.age_today") : t("scan.age_days", { count: days })}{" "}
      {t("scan.age", { at: formatInstant(found.qr_created_at, i18n.language) })}
    </Text>
  );
}
