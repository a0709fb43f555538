// Says what a firmware file is for.
import { Button, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { updateFirmwareFile } from "../../api/calls";
import type { DeviceKind, FirmwareFile } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { KINDS } from "../../ui/KindIcon";

interface Properties { file: FirmwareFile; files: FirmwareFile[]; opened: boolean; onClose: () => void; onSaved: () => void }

/** What has no firmware of this kind. */
const NEVER: DeviceKind[] = ["router", "unknown"];

export function FileDialog({ file, files, opened, onClose, onSaved }: Properties) {
  const { t } = useTranslation();
  const { purpose } = file;
  const [tried, setTried] = useState(false);
  const [form, setForm] = useState({
    kind: purpose?.kind ?? ("camera" as DeviceKind), models: purpose?.models.join("\n") ?? "", version: purpose?.version ?? "",
    hardware: purpose?.hardware ?? "", region: purpose?.region ?? "", first: purpose?.first_id ?? null, below: purpose?.first_below ?? "", notes: file.notes,
  });
  const models = form.models.split(/[\n,;]/).map((model) => model.trim()).filter(Boolean);
  const saving = useMutation({
    mutationFn: () => updateFirmwareFile(file.id, {
      kind: form.kind, models, version: form.version.trim(), hardware: form.hardware.trim(), region: form.region.trim(),
      first_id: form.first ?? undefined, first_below: form.first ? form.below.trim() : "", notes: form.notes,
    }),
    onSuccess: () => (onSaved(), onClose()),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (models.length > 0 && form.version.trim()) saving.mutate();
  };
  const others = files.filter((other) => other.id !== file.id && other.purpose?.kind === form.kind);
  const text = (name: "version" | "hardware" | "region" | "below", most: number) => ({
    value: form[name], maxLength: most,
    onChange: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={purpose?.version ?? file.file_name} size={640}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Select
            label={t("firmware_files.kind")} allowDeselect={false} data={KINDS.filter((kind) => !NEVER.includes(kind)).map((value) => ({ value, label: t(`kind.${value}`) }))}
            value={form.kind} onChange={(kind) => setForm({ ...form, kind: (kind ?? form.kind) as DeviceKind, first: null })}
          />
          <Textarea
            label={t("firmware_files.models")} description={t("firmware_files.models_hint")} required autosize minRows={2} maxRows={8} data-autofocus
            error={tried && models.length === 0 ? t("form.required") : undefined}
            value={form.models} onChange={(event) => setForm({ ...form, models: event.currentTarget.value })}
          />
          <TextInput
            label={t("firmware_files.version")} description={t("firmware_files.version_hint")} required {...text("version", 64)}
            error={tried && !form.version.trim() ? t("form.required") : undefined}
          />
          <TextInput label={t("firmware_files.region")} description={t("firmware_files.region_hint")} {...text("region", 16)} />
          <TextInput label={t("firmware_files.hardware")} description={t("firmware_files.hardware_hint")} {...text("hardware", 64)} />
          <Select
            label={t("firmware_files.first")} placeholder={t("firmware_files.first_none")} clearable clearButtonProps={{ "aria-label": t("firmware_files.first_none") }}
            data={others.map((other) => ({ value: other.id, label: other.purpose?.version ?? other.file_name }))}
            value={form.first} onChange={(first) => setForm({ ...form, first })}
          />
          {form.first ? <TextInput label={t("firmware_files.first_below")} description={t("firmware_files.first_below_hint")} {...text("below", 64)} /> : null}
          <Textarea
            label={t("firmware_files.notes")} autosize minRows={2} maxRows={10} maxLength={4000}
            value={form.notes} onChange={(event) => setForm({ ...form, notes: event.currentTarget.value })}
          />
          <ErrorNote error={saving.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={saving.isPending}>{t("do.save")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
