// The form that frees a device. A captcha and a code of the network serve one try each.
import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { errorText } from "../../texts/errors";
import { ErrorNote } from "../../ui/ErrorNote";
import { SecretInput } from "../../ui/SecretInput";
import { CaptchaField } from "../unbind/CaptchaField";
import { refusalOf } from "../unbind/refusal";
import { ServiceCentre } from "../unbind/ServiceCentre";
import { useCaptcha } from "../unbind/useCaptcha";
import { lanCodeOf } from "./lanCode";
import { createMyCaptcha, createMyUnbinding } from "./shapes";

/** Refusals that staff read otherwise: their link is on a site. */
const OWN_WORDS = ["not_on_this_lan", "not_bound"];

export function MyUnbindForm({ serial, lanCode, onFreed }: { serial: string; lanCode: string; onFreed: () => void }) {
  const { t, i18n } = useTranslation();
  const [form, setForm] = useState({ user_name: "admin", password: "", code: lanCode });
  const [tried, setTried] = useState(false);
  const captcha = useCaptcha("my captcha", createMyCaptcha);
  const code = lanCodeOf(form.code);
  const unbinding = useMutation({
    mutationFn: () => createMyUnbinding({
      serial, user_name: form.user_name, admin_password: form.password, lan_code: code ?? "", captcha: captcha.proof(),
    }),
    onSuccess: onFreed,
    onSettled: captcha.spend,
    onError: (error) => {
      // Right or wrong, the network's code was taken with the password.
      if (error instanceof ApiError && ["unbind_password_wrong", "lan_code_wrong"].includes(error.code)) setForm((before) => ({ ...before, code: "" }));
      captcha.another();
    },
  });
  const refusal = refusalOf(unbinding.error);
  const failed = unbinding.error instanceof ApiError ? unbinding.error : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (form.user_name && form.password && code && captcha.proven) unbinding.mutate();
  };
  const need = (bad: boolean, key = "form.required") => (tried && bad ? t(key) : undefined);
  if (refusal?.kind === "service_centre") return <ServiceCentre serial={refusal.serial || serial} reason={refusal.reason} />;
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <Text>{t("my_devices.of_serial")} <code className="mono">{serial}</code></Text>
        <TextInput
          label={t("my_devices.lan_code")} description={t("my_devices.lan_code_hint")} required maxLength={12} inputMode="numeric" autoComplete="off"
          classNames={{ input: "code-input" }} value={form.code} error={need(!code, "my_devices.lan_code_needed")}
          onChange={(event) => setForm({ ...form, code: event.currentTarget.value })}
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
        {failed && OWN_WORDS.includes(failed.code) ? (
          <Text role="alert" className="danger-text">{t(`my_devices.refused_${failed.code}`)}</Text>
        ) : refusal?.kind === "captcha" ? null : <ErrorNote error={unbinding.error} />}
        <Button type="submit" size="lg" loading={unbinding.isPending} disabled={captcha.working && !captcha.answered}>{t("my_devices.unbind_submit")}</Button>
      </Stack>
    </form>
  );
}
