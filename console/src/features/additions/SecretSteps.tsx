// Steps in which a person makes up or types a secret of the device: admin password, verification code.
import { Button, Stack, Text } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { activateDevice, enableService, giveVerificationCode } from "../../api/calls";
import { ErrorNote } from "../../ui/ErrorNote";
import { NewSecret } from "../../ui/NewSecret";
import { SecretInput } from "../../ui/SecretInput";
import { allMet, devicePasswordRules, randomCode, randomPassword, verificationCodeRules } from "./rules";
import type { StepProperties } from "./StepForm";
import { useStep } from "./useAddition";

export function NewPasswordStep({ addition }: StepProperties) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState(false);
  const rules = devicePasswordRules(password);
  const step = useStep(() => activateDevice(addition.id, password));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (allMet(rules)) step.mutate(undefined);
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <NewSecret
          label={t("addition.new_password")} description={t("addition.new_password_hint")} value={password} maxLength={16}
          rules={rules.map(({ rule, met }) => ({ text: t(`device_rule.${rule}`), met }))} error={tried && !allMet(rules)}
          shown={shown} onShown={setShown} focused onChange={setPassword} onRandom={() => setPassword(randomPassword())}
        />
        <ErrorNote error={step.error} />
        {step.isPending ? <Text role="status" size="sm" c="dimmed">{t("addition.activating")}</Text> : null}
        <Button type="submit" size="lg" loading={step.isPending}>{t("addition.activate")}</Button>
      </Stack>
    </form>
  );
}

export function NewCodeStep({ addition }: StepProperties) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const [shown, setShown] = useState(true);
  const [tried, setTried] = useState(false);
  const rules = verificationCodeRules(code);
  const step = useStep(() => enableService(addition.id, code));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (allMet(rules)) step.mutate(undefined);
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <NewSecret
          label={t("addition.new_code")} description={t("addition.new_code_hint")} value={code} maxLength={12}
          rules={rules.map(({ rule, met }) => ({ text: t(`code_rule.${rule}`), met }))} error={tried && !allMet(rules)}
          shown={shown} onShown={setShown} focused onChange={setCode} onRandom={() => setCode(randomCode())}
        />
        <ErrorNote error={step.error} />
        <Button type="submit" size="lg" loading={step.isPending}>{t("addition.enable_service")}</Button>
      </Stack>
    </form>
  );
}

export function CodeStep({ addition }: StepProperties) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const step = useStep(() => giveVerificationCode(addition.id, code.trim()));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim()) step.mutate(undefined);
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <SecretInput
          label={t("addition.code")} description={t("addition.code_hint")} required maxLength={12} value={code} spellCheck={false}
          autoCapitalize="none" data-autofocus autoFocus defaultVisible onChange={(event) => setCode(event.currentTarget.value)}
        />
        <ErrorNote error={step.error} />
        <Button type="submit" size="lg" loading={step.isPending} disabled={!code.trim()}>{t("do.next")}</Button>
      </Stack>
    </form>
  );
}
