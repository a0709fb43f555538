// The unbinding's form. A captcha serves one try: after each answer of the server a new one is fetched.
import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
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
import { useWork } from "./useWork";

export function UnbindForm({ siteId, serial, onFreed }: { siteId: string; serial: string; onFreed: (answer: Unbound) => void }) {
  const { t, i18n } = useTranslation();
  const [form, setForm] = useState({ serial, user_name: "admin", password: "", answer: "" });
  const [working, setWorking] = useState(false);
  const [tried, setTried] = useState(false);
  const captcha = useQuery({ queryKey: ["captcha"], queryFn: createCaptcha, staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false });
  // A captcha serves one try: a spent one counts no more, even before the next one is here.
  const [spent, setSpent] = useState<string | null>(null);
  const current = captcha.data && captcha.data.id !== spent ? captcha.data : undefined;
  const work = useWork(current, working);
  const another = () => {
    setForm((before) => ({ ...before, answer: "" }));
    void captcha.refetch();
  };
  const short = shortSerial(form.serial);
  const proof = working ? { work: work.answer ?? undefined } : { answer: form.answer.trim() };
  const proven = working ? work.answer !== null : form.answer.trim() !== "";
  const unbinding = useMutation({
    mutationFn: () => unbindDevice(siteId, {
      serial: short ?? form.serial, user_name: form.user_name, password: form.password, captcha: { id: current?.id ?? "", ...proof },
    }),
    onSuccess: onFreed,
    onSettled: () => setSpent(captcha.data?.id ?? null),
    onError: another,
  });
  const refusal = refusalOf(unbinding.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (short && form.user_name && form.password && proven && current) unbinding.mutate();
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
        <ErrorNote error={captcha.error} onRetry={another} />
        <CaptchaField
          captcha={current} answer={form.answer} onAnswer={(answer) => setForm({ ...form, answer })}
          error={refusal?.kind === "captcha" && !form.answer ? errorText(i18n, unbinding.error) : need(!proven && !working)}
          working={working} onWorking={setWorking} work={work} onNew={another}
        />
        {refusal?.kind === "captcha" ? null : <ErrorNote error={unbinding.error} />}
        <Button type="submit" size="lg" loading={unbinding.isPending} disabled={working && !proven}>{t("unbind.submit")}</Button>
      </Stack>
    </form>
  );
}
