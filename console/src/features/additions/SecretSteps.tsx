// Steps in which a person makes up or types a secret of the device: admin password, verification code.
import { Button, Stack, Text } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { activateDevice, enableService, giveVerificationCode } from "../../api/calls";
import type { Addition } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { NewSecret } from "../../ui/NewSecret";
import { SecretInput } from "../../ui/SecretInput";
import { allMet, devicePasswordRules, randomCode, randomPassword, verificationCodeRules } from "./rules";
import type { StepProperties } from "./StepForm";
import { useStep } from "./useAddition";

interface NewSecretStepProperties {
  label: string;
  hint: string;
  maxLength: number;
  shownAtFirst?: boolean;
  rulesOf: (secret: string) => { text: string; met: boolean }[];
  random: () => string;
  run: (secret: string) => Promise<Addition>;
  running?: string;
  submit: string;
}

/** A secret that is made up under rules, and a step that is taken with it. */
function NewSecretStep({ label, hint, maxLength, shownAtFirst = false, rulesOf, random, run, running, submit }: NewSecretStepProperties) {
  const [secret, setSecret] = useState("");
  const [shown, setShown] = useState(shownAtFirst);
  const [tried, setTried] = useState(false);
  const rules = rulesOf(secret);
  const step = useStep(() => run(secret));
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (allMet(rules)) step.mutate(undefined);
  };
  return (
    <form onSubmit={onSubmit} noValidate autoComplete="off">
      <Stack>
        <NewSecret
          label={label} description={hint} value={secret} maxLength={maxLength} rules={rules} error={tried && !allMet(rules)}
          shown={shown} onShown={setShown} focused onChange={setSecret} onRandom={() => setSecret(random())}
        />
        <ErrorNote error={step.error} />
        {running && step.isPending ? <Text role="status" size="sm" c="dimmed">{running}</Text> : null}
        <Button type="submit" size="lg" loading={step.isPending}>{submit}</Button>
      </Stack>
    </form>
  );
}

export function NewPasswordStep({ addition }: StepProperties) {
  const { t } = useTranslation();
  return (
    <NewSecretStep
      label={t("addition.new_password")} hint={t("addition.new_password_hint")} maxLength={16} random={randomPassword}
      rulesOf={(password) => devicePasswordRules(password).map(({ rule, met }) => ({ text: t(`device_rule.${rule}`), met }))}
      run={(password) => activateDevice(addition.id, password)} running={t("addition.activating")} submit={t("addition.activate")}
    />
  );
}

export function NewCodeStep({ addition }: StepProperties) {
  const { t } = useTranslation();
  return (
    <NewSecretStep
      label={t("addition.new_code")} hint={t("addition.new_code_hint")} maxLength={12} shownAtFirst random={randomCode}
      rulesOf={(code) => verificationCodeRules(code).map(({ rule, met }) => ({ text: t(`code_rule.${rule}`), met }))}
      run={(code) => enableService(addition.id, code)} submit={t("addition.enable_service")}
    />
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
