// What the draft would change, device by device, and then the saving of it.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { previewCompatibilityRules, saveCompatibilityRules } from "../../api/calls";
import { ApiError } from "../../api/client";
import type { AffectedDevice, CompatibilityRule, CompatibilityRules } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { CompatibilityNote } from "../fleet/CompatibilityNote";

interface Properties { rules: CompatibilityRule[]; opened: boolean; onClose: () => void; onSaved: (saved: CompatibilityRules) => void }

export function SaveDialog({ rules, opened, onClose, onSaved }: Properties) {
  const { t } = useTranslation();
  const preview = useQuery({
    queryKey: ["compatibility_preview", rules], queryFn: () => previewCompatibilityRules({ rules }), enabled: opened, gcTime: 0, retry: false,
  });
  const saving = useMutation({
    mutationFn: () => saveCompatibilityRules({ rules }),
    onSuccess: (saved) => {
      onSaved(saved);
      onClose();
    },
  });
  const told = preview.data;
  return (
    <Dialog opened={opened} onClose={onClose} title={t("compatibility.save_title")} size={720}>
      <Stack>
        {preview.isPending ? <LoadingRows height={40} rows={3} /> : null}
        <WhichRule error={preview.error ?? saving.error} />
        <ErrorNote error={preview.error ?? saving.error} />
        {told ? (
          <div role="status">
            <Text fw={600}>{t("compatibility.affected", { count: told.devices })}</Text>
            {told.unwatched > 0 ? <Alert role="note" className="note note-warn" mt="sm">{t("compatibility.unwatched", { count: told.unwatched })}</Alert> : null}
          </div>
        ) : null}
        {told && told.named.length > 0 ? (
          <ul className="line-list" aria-label={t("compatibility.affected", { count: told.devices })}>
            {told.named.map((device) => <AffectedLine key={device.id} device={device} />)}
          </ul>
        ) : null}
        {told && told.devices > told.named.length ? <Text size="sm">{t("compatibility.more", { count: told.devices - told.named.length })}</Text> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
          <Button disabled={!told} loading={saving.isPending} onClick={() => saving.mutate()}>{t("do.save")}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** The place in the list of a rule that cannot be read. */
function WhichRule({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof ApiError) || typeof error.details.index !== "number") return null;
  const field = String(error.details.field);
  return <Text>{t("compatibility.which", { n: error.details.index + 1, field: t(`compatibility.${field}`, { defaultValue: field }) })}</Text>;
}

function AffectedLine({ device }: { device: AffectedDevice }) {
  const { t } = useTranslation();
  return (
    <li className="line">
      <div className="grow">
        <Text fw={600} className="wrap">{device.name || device.model || t(`kind.${device.kind}`)}</Text>
        <Text size="sm" c="dimmed" className="wrap">{[device.site_name, device.model, device.firmware].filter(Boolean).join(" · ")}</Text>
        {device.then ? <CompatibilityNote lost={device.then} /> : <Text size="sm">{t("compatibility.has_all")}</Text>}
      </div>
    </li>
  );
}
