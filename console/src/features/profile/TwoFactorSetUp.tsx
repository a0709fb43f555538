// Sets up the second factor: the password, the secret for an app, its first code, and the recovery codes that are shown once.
import { Button, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { CodeField, codeOf } from "../../ui/CodeField";
import { CopyLine } from "../../ui/CopyLine";
import { ErrorNote } from "../../ui/ErrorNote";
import { QrPicture } from "../../ui/QrPicture";
import { SecretInput } from "../../ui/SecretInput";
import { useAccount } from "./account";
import { RecoveryCodes } from "./RecoveryCodes";
import { grouped } from "./secret";

export function TwoFactorSetUp({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const account = useAccount();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const beginning = useMutation({ mutationFn: account.beginTwoFactor });
  const confirming = useMutation({
    mutationFn: async (given: string) => {
      const made = await account.confirmTwoFactor(given);
      // The session goes on under another id, with another token for changes.
      await client.invalidateQueries({ queryKey: [account.sessionKey] });
      return made;
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!beginning.data && password) beginning.mutate(password);
    if (beginning.data && codeOf(code)) confirming.mutate(codeOf(code));
  };
  if (confirming.data) return <RecoveryCodes codes={confirming.data.recovery_codes} onDone={onDone} />;
  if (!beginning.data) {
    return (
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text>{t("two_factor.begin_text")}</Text>
          <SecretInput
            label={t("profile.own_password")} autoComplete="current-password" required value={password} data-autofocus autoFocus
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <ErrorNote error={beginning.error} />
          <Button type="submit" size="lg" loading={beginning.isPending} disabled={!password}>{t("do.next")}</Button>
        </Stack>
      </form>
    );
  }
  const { secret, uri } = beginning.data;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <section aria-labelledby="secret-step">
          <Title order={3} fz="h5" id="secret-step">{t("two_factor.scan_title")}</Title>
          <Text size="sm" c="dimmed">{t("two_factor.scan_text")}</Text>
          <div className="secret-picture"><QrPicture label={t("two_factor.qr")} text={uri} size={200} /></div>
          <Button component="a" href={uri} variant="default" fullWidth className="only-phone-button" mb="sm">{t("two_factor.open_app")}</Button>
          <CopyLine label={t("two_factor.secret")} text={secret} shown={grouped(secret)} />
        </section>
        <section aria-labelledby="code-step">
          <Title order={3} fz="h5" mb="xs" id="code-step">{t("two_factor.confirm_title")}</Title>
          <CodeField value={code} onChange={setCode} />
        </section>
        <ErrorNote error={confirming.error} />
        <Button type="submit" size="lg" loading={confirming.isPending} disabled={!codeOf(code)}>{t("two_factor.confirm")}</Button>
      </Stack>
    </form>
  );
}
