// Adds the router of a site: an address and a port, for it has no login here.
import { Button, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { RouterCreate } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { isPort } from "../../ui/forms";

interface Properties { busy: boolean; error: unknown; onSubmit: (router: RouterCreate) => void; onCancel: () => void }

export function RouterForm({ busy, error, onSubmit, onCancel }: Properties) {
  const { t } = useTranslation();
  const [form, setForm] = useState({ name: "", host: "", port: 80 as number | string });
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const host = form.host.trim();
    if (host && isPort(form.port)) onSubmit({ name: form.name.trim(), host, port: Number(form.port) });
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <Text size="sm" c="dimmed">{t("devices.router_hint")}</Text>
        <TextInput
          label={t("devices.name")} maxLength={128} value={form.name}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
        />
        <TextInput
          label={t("devices.host")} description={t("devices.host_hint")} required maxLength={253} spellCheck={false}
          autoCapitalize="none" value={form.host} error={tried && !form.host.trim() ? t("form.required") : undefined}
          onChange={(event) => setForm({ ...form, host: event.currentTarget.value })}
        />
        <NumberInput
          label={t("devices.port")} description={t("devices.router_port_hint")} required min={1} max={65_535} hideControls
          allowDecimal={false} allowNegative={false} value={form.port} error={tried && !isPort(form.port) ? t("form.port") : undefined}
          onChange={(port) => setForm({ ...form, port })}
        />
        <ErrorNote error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>{t("do.cancel")}</Button>
          <Button type="submit" loading={busy}>{t("do.add")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
