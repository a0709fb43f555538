// An end user's sign-in: by e-mail address or phone and password, then the code of those who have a second factor.
import { Alert, Anchor, Paper, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useLocation } from "react-router";
import { signInToMine } from "../../api/calls";
import { ApiError } from "../../api/client";
import { Outside } from "../../shell/Outside";
import { mySessionQuery, replaceMySession } from "../my/session";
import { waitsFor } from "../my_sharing/tokens";
import { CodeStep } from "../session/CodeStep";
import { PasswordStep } from "../session/PasswordStep";

export function MySignInPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const location = useLocation();
  const from = (location.state as { from?: string } | null)?.from ?? (waitsFor() ? "/my/apply" : "/my");
  const session = useQuery(mySessionQuery);
  const [form, setForm] = useState({ email: "", password: "" });
  const [asked, setAsked] = useState(false);
  const entering = useMutation({
    mutationFn: signInToMine,
    onSuccess: (made) => replaceMySession(client, made),
    onError: (error) => {
      if (error instanceof ApiError && error.code === "second_factor_needed") setAsked(true);
    },
  });
  const enter = (code?: string) => entering.mutate({ email: form.email.trim(), password: form.password, code });
  const again = () => {
    entering.reset();
    setForm({ ...form, password: "" });
    setAsked(false);
  };
  // The page that sets a new password leads here, and so does the end of an account.
  const told = new URLSearchParams(location.search);
  const done = !entering.isIdle ? undefined : told.has("reset") ? t("session.reset_done") : told.has("deleted") ? t("my_account.deleted") : undefined;

  if (session.data) return <Navigate to={from} replace />;
  return (
    <Outside title={t("my_account.sign_in")}>
      <Paper className="card outside-card" maw={420}>
        {done ? <Alert role="status" className="note note-good" mb="lg" icon={<IconCircleCheck aria-hidden="true" />}>{done}</Alert> : null}
        {asked ? <CodeStep error={entering.error} busy={entering.isPending} onCode={enter} onBack={again} /> : (
          <PasswordStep
            form={form} setForm={setForm} error={entering.error} busy={entering.isPending} onEnter={() => enter()}
            title={t("my_account.sign_in")} label={t("my_account.email_or_phone")} type="text" forgot="/my/forgot"
          >
            <Text ta="center" size="sm">
              {t("my_account.no_account")} <Anchor component={Link} to="/my/register" state={location.state as unknown} underline="always" fz="sm">{t("my_account.register")}</Anchor>
            </Text>
          </PasswordStep>
        )}
      </Paper>
    </Outside>
  );
}
