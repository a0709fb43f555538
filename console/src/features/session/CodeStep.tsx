// The second step of a sign-in: what only the person's own app or list of recovery codes tells.
import { Button, Stack, Text, Title } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { CodeField, codeOf } from "../../ui/CodeField";
import { ErrorNote } from "../../ui/ErrorNote";

interface Properties { error: unknown; busy: boolean; onCode: (code: string) => void; onBack: () => void }

export function CodeStep({ error, busy, onCode, onBack }: Properties) {
  const { t } = useTranslation();
  const [code, setCode] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (codeOf(code)) onCode(codeOf(code));
  };
  return (
    <>
      <Title order={1} fz="h2">{t("session.code_title")}</Title>
      <Text c="dimmed" mt={4} mb="lg">{t("session.code_text")}</Text>
      <form onSubmit={submit} noValidate>
        <Stack>
          <CodeField value={code} onChange={setCode} recovery focused />
          <ErrorNote error={aboutCode(error)} />
          <Button type="submit" size="lg" loading={busy} disabled={!codeOf(code)}>{t("session.submit")}</Button>
          <Button variant="default" onClick={onBack}>{t("session.other_account")}</Button>
        </Stack>
      </form>
    </>
  );
}

/** The password was right, so a refusal is about the code; that one is needed is what this step says. */
function aboutCode(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.code === "second_factor_needed") return error instanceof ApiError ? null : error;
  return error.code === "sign_in_refused" ? new ApiError(error.status, { code: "two_factor_code_wrong" }) : error;
}
