// A device by its serial number, typed; a label without a verification code leads here too.
import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createAddition } from "../../api/calls";
import type { Addition } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { SecretInput } from "../../ui/SecretInput";
import { shortSerial } from "./rules";

interface Properties { siteId: string; serial?: string; onAddition: (addition: Addition) => void; onByAddress: () => void }

export function SerialForm({ siteId, serial = "", onAddition, onByAddress }: Properties) {
  const { t } = useTranslation();
  const [form, setForm] = useState({ serial, code: "", name: "" });
  const [tried, setTried] = useState(false);
  const short = shortSerial(form.serial);
  const beginning = useMutation({
    mutationFn: () => createAddition(siteId, {
      serial: form.serial.trim(), verification_code: form.code.trim() || undefined, name: form.name.trim() || undefined,
    }),
    onSuccess: onAddition,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (short) beginning.mutate();
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <TextInput
          label={t("devices.serial")} description={t("addition.serial_hint")} required maxLength={64} spellCheck={false}
          autoCapitalize="characters" value={form.serial} error={tried && !short ? t("addition.serial_wrong") : undefined}
          onChange={(event) => setForm({ ...form, serial: event.currentTarget.value })}
        />
        {short && short !== form.serial.trim() ? <Text size="sm" c="dimmed">{t("addition.serial_short", { serial: short })}</Text> : null}
        <SecretInput
          label={t("addition.code")} description={t("addition.code_optional")} maxLength={12} value={form.code} spellCheck={false}
          autoCapitalize="none" defaultVisible onChange={(event) => setForm({ ...form, code: event.currentTarget.value })}
        />
        <TextInput
          label={t("devices.name")} description={t("devices.name_hint")} maxLength={128} value={form.name}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
        />
        <ErrorNote error={beginning.error} />
        <Button type="submit" size="lg" loading={beginning.isPending}>{t("do.next")}</Button>
        <Text size="sm" c="dimmed">{t("addition.address_hint")}</Text>
        <Button variant="default" onClick={onByAddress}>{t("devices.add_by_address")}</Button>
      </Stack>
    </form>
  );
}
