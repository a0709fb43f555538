// Name, address and login of a device: for adding one and for editing one.
import { Button, Group, NumberInput, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { DeviceSummary } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { isPort } from "../../ui/forms";

export interface DeviceFormValues { name: string; host: string; port: number; user_name: string; password: string }
interface Properties {
  /** The device to edit; without it the password is required. */
  device?: DeviceSummary;
  name?: string;
  action: string; busy: boolean; error: unknown;
  onSubmit: (values: DeviceFormValues) => void; onCancel: () => void;
}

export function DeviceForm({ device, name = "", action, busy, error, onSubmit, onCancel }: Properties) {
  const { t } = useTranslation();
  const [form, setForm] = useState({
    name: device?.name ?? name, host: device?.host ?? "", port: (device?.port ?? 80) as number | string,
    user_name: device?.user_name ?? "admin", password: "",
  });
  const [tried, setTried] = useState(false);
  // The link finds the address of such a device, and follows it.
  const behindLink = device?.access === "link";
  const hasLogin = device?.kind !== "router";
  const need = (bad: boolean, key = "form.required") => (tried && bad ? t(key) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const ready = form.host.trim() && isPort(form.port) && (form.user_name || !hasLogin) && (device || form.password);
    if (ready) onSubmit({ ...form, name: form.name.trim(), host: form.host.trim(), port: Number(form.port) });
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <TextInput
          label={t("devices.name")} description={device ? undefined : t("devices.name_hint")} maxLength={128} value={form.name}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
        />
        {behindLink ? null : (
          <>
            <TextInput
              label={t("devices.host")} description={t("devices.host_hint")} required maxLength={253} data-autofocus
              spellCheck={false} autoCapitalize="none" value={form.host} error={need(!form.host.trim())}
              onChange={(event) => setForm({ ...form, host: event.currentTarget.value })}
            />
            <NumberInput
              label={t("devices.port")} description={t("devices.port_hint")} required min={1} max={65_535} hideControls
              allowDecimal={false} allowNegative={false} value={form.port} error={need(!isPort(form.port), "form.port")}
              onChange={(port) => setForm({ ...form, port })}
            />
          </>
        )}
        {hasLogin ? <TextInput
          label={t("devices.user")} required maxLength={32} spellCheck={false} autoCapitalize="none" autoComplete="off"
          value={form.user_name} error={need(!form.user_name)}
          onChange={(event) => setForm({ ...form, user_name: event.currentTarget.value })}
        /> : null}
        {hasLogin ? <PasswordInput
          label={t("devices.password")} description={device ? t("devices.password_keep") : undefined} required={!device}
          autoComplete="new-password" value={form.password} error={need(!device && !form.password)}
          onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
          visibilityToggleButtonProps={{ "aria-label": t("session.show_password"), tabIndex: 0 }}
        /> : null}
        <ErrorNote error={error} />
        {busy ? <Text role="status" c="dimmed" size="sm">{t("devices.adding")}</Text> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>{t("do.cancel")}</Button>
          <Button type="submit" loading={busy}>{action}</Button>
        </Group>
      </Stack>
    </form>
  );
}
