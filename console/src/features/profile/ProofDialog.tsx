// What weakens an account is done with password and code only: new recovery codes, and turning the second factor off.
import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { CodeField, codeOf } from "../../ui/CodeField";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { SecretInput } from "../../ui/SecretInput";
import { useAccount } from "./account";
import { RecoveryCodes } from "./RecoveryCodes";

interface Properties { kind: "renew" | "end"; opened: boolean; onClose: () => void }

export function ProofDialog({ kind, opened, onClose }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const account = useAccount();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [codes, setCodes] = useState<string[] | null>(null);
  const doing = useMutation({
    mutationFn: async () => {
      const proof = { password, code: codeOf(code) };
      if (kind === "end") return account.endTwoFactor(proof).then(() => null);
      return (await account.renewRecoveryCodes(proof)).recovery_codes;
    },
    onSuccess: async (made) => {
      // The session may go on under another id.
      await client.invalidateQueries({ queryKey: [account.sessionKey] });
      if (made) setCodes(made);
      else onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    doing.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t(`two_factor.${kind}_title`)} size={480}>
      {codes ? <RecoveryCodes codes={codes} onDone={onClose} /> : (
        <form onSubmit={submit} noValidate>
          <Stack>
            <Text>{t(`two_factor.${kind}_text`)}</Text>
            <SecretInput
              label={t("profile.own_password")} autoComplete="current-password" required value={password} data-autofocus
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <CodeField value={code} onChange={setCode} recovery />
            <ErrorNote error={doing.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
              <Button type="submit" className={kind === "end" ? "danger" : undefined} loading={doing.isPending} disabled={!password || !codeOf(code)}>
                {t(`two_factor.${kind}_do`)}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
