// Begins an upgrade of one or many devices: which firmware, when, and in which order. What would be done is shown before.
import { Alert, Button, Checkbox, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { createUpgrade, listFirmwareFiles, planUpgrade } from "../../api/calls";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { instantOf } from "../webhooks/range";
import { PlanList } from "./PlanList";
import { numberIn } from "./states";

interface Properties { devices: string[]; opened: boolean; onClose: () => void }

const NEWEST = "newest";

export function UpgradeDialog({ devices, opened, onClose }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const many = devices.length > 1;
  const [form, setForm] = useState({
    file: NEWEST, downgrade: false, unknown: false, later: false, at: "", hours: false, from: "01:00", until: "05:00", wait: "72",
    canaries: String(Math.max(1, Math.ceil(devices.length / 10))), then: "50", errors: "1",
  });
  const files = useQuery({ queryKey: ["firmware files"], queryFn: listFirmwareFiles, enabled: opened });
  const wanted = {
    device_ids: devices, firmware_file_id: form.file === NEWEST ? undefined : form.file, allow_downgrade: form.downgrade, accept_unknown: form.unknown,
  };
  const plan = useQuery({
    queryKey: ["upgrade plan", wanted], queryFn: () => planUpgrade(wanted), enabled: opened, staleTime: 10_000, placeholderData: (before) => before,
  });
  const fitting = plan.data?.devices.filter(({ refusal }) => refusal === null).map(({ device_id }) => device_id) ?? [];
  const reasons = new Set(plan.data?.devices.map(({ refusal }) => refusal));
  const numbers = { wait: numberIn(form.wait, 1, 720), canaries: numberIn(form.canaries, 1, 1000), then: numberIn(form.then, 1, 1000), errors: numberIn(form.errors, 1, 1000) };
  const at = form.later ? instantOf(form.at) : null;
  const good = fitting.length > 0 && (!form.later || at !== null) && Object.values(numbers).every((number) => number !== null);
  const begin = useMutation({
    mutationFn: () => createUpgrade({
      ...wanted, device_ids: fitting,
      schedule: { starts_at: at ?? undefined, window: form.hours ? { from: form.from, until: form.until } : undefined, wait_hours: numbers.wait ?? undefined },
      stages: fitting.length > 1 ? { canaries: numbers.canaries ?? undefined, then: numbers.then ?? undefined, error_threshold: numbers.errors ?? undefined } : undefined,
    }),
    onSuccess: (upgrade) => {
      for (const key of ["upgrades", "device upgrades"]) void client.invalidateQueries({ queryKey: [key] });
      void navigate(`/upgrades/${upgrade.id}`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (good) begin.mutate();
  };
  const entries = (files.data?.items ?? []).flatMap(({ id, purpose }) => (purpose ? [{ value: id, label: `${purpose.version} · ${purpose.models.join(", ")}` }] : []));
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change });
  const number = (name: "wait" | "canaries" | "then" | "errors", label: string) => (
    <TextInput
      label={label} inputMode="numeric" value={form[name]} error={numbers[name] === null ? t("form.number") : undefined}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  );
  return (
    <Dialog opened={opened} onClose={onClose} title={t("upgrades.start_firmware")} size={680}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {files.isSuccess && entries.length === 0 ? <Alert role="note" className="note note-warn">{t("upgrades.empty_catalogue")}</Alert> : null}
          <Select
            label={t("upgrades.file")} allowDeselect={false} searchable data={[{ value: NEWEST, label: t("upgrades.newest") }, ...entries]}
            value={form.file} onChange={(file) => set({ file: file ?? NEWEST })}
          />
          <PlanList plan={plan.data ?? null} />
          <ErrorNote error={plan.error ?? files.error} />
          {reasons.has("firmware_downgrade") || form.downgrade ? (
            <Checkbox label={t("upgrades.downgrade")} checked={form.downgrade} onChange={(event) => set({ downgrade: event.currentTarget.checked })} />
          ) : null}
          {reasons.has("firmware_region_unknown") || reasons.has("firmware_hardware_unknown") || form.unknown ? (
            <Checkbox
              label={t("upgrades.unknown")} description={t("upgrades.unknown_hint")} checked={form.unknown}
              onChange={(event) => set({ unknown: event.currentTarget.checked })}
            />
          ) : null}
          {fitting.length > 0 ? (
            <>
              <Select
                label={t("upgrades.when")} allowDeselect={false} data={[{ value: "now", label: t("upgrades.now") }, { value: "later", label: t("upgrades.later") }]}
                value={form.later ? "later" : "now"} onChange={(value) => set({ later: value === "later" })}
              />
              {form.later ? <TextInput type="datetime-local" label={t("upgrades.at")} required value={form.at} onChange={(event) => set({ at: event.currentTarget.value })} /> : null}
              <Checkbox label={t("upgrades.hours")} description={t("upgrades.hours_hint")} checked={form.hours} onChange={(event) => set({ hours: event.currentTarget.checked })} />
              {form.hours ? (
                <Group grow>
                  <TextInput type="time" label={t("upgrades.from")} value={form.from} onChange={(event) => set({ from: event.currentTarget.value })} />
                  <TextInput type="time" label={t("upgrades.until")} value={form.until} onChange={(event) => set({ until: event.currentTarget.value })} />
                </Group>
              ) : null}
              {number("wait", t("upgrades.wait"))}
              {many && fitting.length > 1 ? (
                <div role="group" aria-label={t("upgrades.order")}>
                  <Group grow align="flex-end">
                    {number("canaries", t("upgrades.canaries"))}
                    {number("then", t("upgrades.then"))}
                    {number("errors", t("upgrades.errors"))}
                  </Group>
                  <Text size="sm" c="dimmed" mt={6}>{t("upgrades.order_hint")}</Text>
                </div>
              ) : null}
              <Alert role="note" className="note note-warn" icon={<IconAlertTriangle aria-hidden="true" />}>{t("upgrades.warning")}</Alert>
            </>
          ) : null}
          <ErrorNote error={begin.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" disabled={!good || plan.isPlaceholderData} loading={begin.isPending}>{t("upgrades.begin", { count: fitting.length })}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
