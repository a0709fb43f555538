// Adds a site, or edits one.
import { Button, Group, Modal, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createSite, updateSite } from "../../api/calls";
import type { Site, SiteCreate } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { browserTimeZone, timeZones } from "./timeZones";

interface Properties { opened: boolean; site?: Site; onClose: () => void; onSaved: (site: Site) => void }

export function SiteDialog({ opened, site, onClose, onSaved }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState<Required<SiteCreate>>({
    name: site?.name ?? "",
    address: site?.address ?? "",
    time_zone: site?.time_zone ?? browserTimeZone(),
    sync_time: site?.sync_time ?? false,
  });
  const [tried, setTried] = useState(false);
  const zones = useMemo(() => timeZones(form.time_zone), [form.time_zone]);
  const saving = useMutation({
    mutationFn: () => (site ? updateSite(site.id, form) : createSite(form)),
    onSuccess: (saved) => {
      client.setQueryData(["site", saved.id], saved);
      void client.invalidateQueries({ queryKey: ["sites"] });
      onClose();
      onSaved(saved);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (form.name.trim() && form.time_zone) saving.mutate();
  };
  return (
    <Modal
      opened={opened} onClose={onClose} title={t(site ? "sites.edit" : "sites.add")}
      closeButtonProps={{ "aria-label": t("do.close") }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={t("sites.name")} required maxLength={128} data-autofocus value={form.name}
            error={tried && !form.name.trim() ? t("form.required") : undefined}
            onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
          />
          <TextInput
            label={t("sites.address")} description={t("sites.address_hint")} maxLength={128} value={form.address}
            autoComplete="off" onChange={(event) => setForm({ ...form, address: event.currentTarget.value })}
          />
          <Select
            label={t("sites.time_zone")} required searchable data={zones} limit={100} value={form.time_zone}
            allowDeselect={false} nothingFoundMessage={t("sites.time_zone_none")}
            onChange={(zone) => setForm({ ...form, time_zone: zone ?? form.time_zone })}
          />
          <Switch
            label={t("sites.sync_time")} description={t("sites.sync_time_hint")} checked={form.sync_time}
            onChange={(event) => setForm({ ...form, sync_time: event.currentTarget.checked })}
          />
          <ErrorNote error={saving.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={saving.isPending}>{t(site ? "do.save" : "do.add")}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
