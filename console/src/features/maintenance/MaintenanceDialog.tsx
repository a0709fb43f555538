// Plans a maintenance window: of the site or of one device, by the clock of the site, once or every week.
import { Button, Checkbox, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createMaintenanceWindow } from "../../api/calls";
import { serverNow } from "../../api/clock";
import type { Site } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { localOf } from "../managers/zonedTime";
import { DeviceChoice, type ChosenDevice } from "../rules/DeviceChoice";
import { planErrors, planOf, type PlanForm } from "./plan";

export function MaintenanceDialog({ site, opened, onClose }: { site: Site; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const now = serverNow();
  const there = (ahead: number) => localOf(new Date(now + ahead).toISOString(), site.time_zone);
  const [form, setForm] = useState<PlanForm>(() => ({
    from: there(3_600_000), to: there(3 * 3_600_000), weekly: false, note: "", device: null, ofDevice: false,
  }));
  const [tried, setTried] = useState(false);
  const errors = planErrors(form, site.time_zone, now);
  const saving = useMutation({
    mutationFn: () => createMaintenanceWindow(site.id, planOf(form, site.time_zone)),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["maintenance", site.id] });
      onClose();
    },
  });
  const change = (part: Partial<PlanForm>) => setForm({ ...form, ...part });
  const wrong = (field: keyof typeof errors) => (tried && errors[field] ? t(errors[field]) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(errors).every((error) => error === null)) saving.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("maintenance.plan_title")}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <NativeSelect
            label={t("maintenance.what")} value={form.ofDevice ? "device" : "site"}
            onChange={(event) => change({ ofDevice: event.currentTarget.value === "device" })}
            data={[{ value: "site", label: t("maintenance.of_site") }, { value: "device", label: t("maintenance.one_device") }]}
          />
          {form.ofDevice ? (
            <DeviceChoice
              siteId={site.id} value={form.device} label={t("rules.device")} error={wrong("device")}
              onChange={(device: ChosenDevice | null) => change({ device })}
            />
          ) : null}
          <TextInput
            type="datetime-local" label={t("maintenance.from")} description={t("maintenance.zone", { zone: site.time_zone })} value={form.from}
            error={wrong("from")} onChange={(event) => change({ from: event.currentTarget.value })}
          />
          <TextInput
            type="datetime-local" label={t("maintenance.to")} value={form.to} error={wrong("to")}
            onChange={(event) => change({ to: event.currentTarget.value })}
          />
          <Checkbox label={t("maintenance.every_week")} checked={form.weekly} onChange={(event) => change({ weekly: event.currentTarget.checked })} />
          <TextInput label={t("maintenance.note")} maxLength={200} value={form.note} onChange={(event) => change({ note: event.currentTarget.value })} />
          <ErrorNote error={saving.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={saving.isPending}>{t("maintenance.make")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
