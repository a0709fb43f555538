// The form of an unbinding on a site.
import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createCaptcha, unbindDevice } from "../../api/calls";
import type { Unbound } from "../../api/types";
import { errorText } from "../../texts/errors";
import { ErrorNote } from "../../ui/ErrorNote";
import { SecretInput } from "../../ui/SecretInput";
import { shortSerial } from "../additions/rules";
import { CaptchaField } from "./CaptchaField";
import { refusalOf } from "./refusal";
import { ServiceCentre } from "./ServiceCentre";
import { useCaptcha } from "./useCaptcha";

export function UnbindForm({ siteId, serial, onFreed }: { siteId: string; serial: string; onFreed: (answer: Unbound) => void }) {
  const { t, i18n } = useTranslation();
  const [form, setForm] = useState({ serial, user_name: "admin", password: "" });
  const [tried, setTried] = useState(false);
  const captcha = useCaptcha("captcha", createCaptcha);
  const short = shortSerial(form.serial);
  const unbinding = useMutation({
    mutationFn: () => unbindDevice(siteId, {
      serial: short ?? form.serial, user_name: form.user_name, password: form.password, captcha: captcha.proof(),
    }),
    onSuccess: onFreed,
    onSettled: captcha.spend,
    onError: captcha.another,
  });
  const refusal = refusalOf(unbinding.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (short && form.user_name && form.password && captcha.proven) unbinding.mutate();
  };
  const need = (bad: boolean, key = "form.required") => (tried && bad ? t(key) : undefined);
  if (refusal?.kind === "service_centre") return <ServiceCentre serial={refusal.serial || form.serial} reason={refusal.reason} />;
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <TextInput
          label={t("devices.serial")} required maxLength={64} spellCheck={false} autoCapitalize="characters" value={form.serial}
          error={need(!short, "addition.serial_wrong")} onChange={(event) => setForm({ ...form, serial: event.currentTarget.value })}
        />
        <TextInput
          label={t("devices.user")} required maxLength={32} spellCheck={false} autoCapitalize="none" autoComplete="off"
          value={form.user_name} error={need(!form.user_name)}
          onChange={(event) => setForm({ ...form, user_name: event.currentTarget.value })}
        />
        <SecretInput
          label={t("unbind.password")} description={t("unbind.password_hint")} required maxLength={64} value={form.password}
          error={need(!form.password)} onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
        />
        <CaptchaField
          captcha={captcha}
          error={refusal?.kind === "captcha" && !captcha.answer ? errorText(i18n, unbinding.error) : need(!captcha.answered && !captcha.working)}
        />
        {refusal?.kind === "captcha" ? null : <ErrorNote error={unbinding.error} />}
        <Button type="submit" size="lg" loading={unbinding.isPending} disabled={captcha.working && !captcha.answered}>{t("unbind.submit")}</Button>
      </Stack>
    </form>
  );
}
