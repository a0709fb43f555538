// Sign-in: the password first, then the code of those who have a second factor. A locked account is told until when.
import { Alert, Paper } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation } from "react-router";
import { getSetup, signIn } from "../../api/calls";
import { ApiError } from "../../api/client";
import { Outside } from "../../shell/Outside";
import { CodeStep } from "./CodeStep";
import { PasswordStep } from "./PasswordStep";
import { sessionQuery, useTakeSession } from "./session";

export function SignInPage() {
  const { t } = useTranslation();
  const take = useTakeSession();
  const location = useLocation();
  const from = (location.state as { from?: string } | null)?.from ?? "/sites";
  const session = useQuery(sessionQuery);
  const setup = useQuery({ queryKey: ["setup"], queryFn: getSetup, enabled: session.data === null });
  const [form, setForm] = useState({ email: "", password: "" });
  const [asked, setAsked] = useState(false);
  const entering = useMutation({
    mutationFn: signIn,
    onSuccess: take,
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
  // The page that sets a new password leads here.
  const reset = new URLSearchParams(location.search).has("reset") && entering.isIdle;

  if (session.data) return <Navigate to={from} replace />;
  if (setup.data?.needed) return <Navigate to="/setup" replace />;
  return (
    <Outside title={t("session.title")}>
      <Paper className="card outside-card" maw={420}>
        {reset ? (
          <Alert role="status" className="note note-good" mb="lg" icon={<IconCircleCheck aria-hidden="true" />}>{t("session.reset_done")}</Alert>
        ) : null}
        {asked
          ? <CodeStep error={entering.error} busy={entering.isPending} onCode={enter} onBack={again} />
          : <PasswordStep form={form} setForm={setForm} error={entering.error} busy={entering.isPending} onEnter={() => enter()} />}
      </Paper>
    </Outside>
  );
}
