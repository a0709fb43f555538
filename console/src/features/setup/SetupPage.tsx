// The first run: a company and its Installer Admin, made with the one-time code that the server printed.
import { Alert, Anchor, Paper, Progress, Text, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, Navigate, useLocation } from "react-router";
import { getSetup, setUp, updateProfile } from "../../api/calls";
import { ApiError, setCsrfToken } from "../../api/client";
import type { MailLanguage, SetupRequest } from "../../api/types";
import { Outside } from "../../shell/Outside";
import { sessionQuery, useTakeSession } from "../session/session";
import { browserTimeZone } from "../sites/timeZones";
import { AdminStep } from "./AdminStep";
import { CompanyStep } from "./CompanyStep";
import { likelyCountry } from "./countries";

const COMPANY_FIELDS = new Set(["setup_code", "name", "region", "public_url"]);

function codeInAddress(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, "")).get("code") ?? "";
}

export function SetupPage() {
  const { t, i18n } = useTranslation();
  const take = useTakeSession();
  const { hash } = useLocation();
  const setup = useQuery({ queryKey: ["setup"], queryFn: getSetup });
  const session = useQuery(sessionQuery);
  const [step, setStep] = useState(1);
  const [form, setForm] = useState<SetupRequest>({
    setup_code: codeInAddress(hash),
    company: { name: "", region: likelyCountry(navigator.languages) ?? "" },
    admin: { name: "", email: "", password: "" },
    public_url: window.location.origin,
  });
  const making = useMutation({
    mutationFn: (whole: SetupRequest) => setUpIn(whole, i18n.language as MailLanguage),
    onSuccess: take,
    onError: (error) => {
      if (error instanceof ApiError && isOfFirstStep(error)) setStep(1);
    },
  });

  if (session.data) return <Navigate to="/sites" replace />;
  return (
    <Outside title={t("setup.title")}>
      <Paper className="card outside-card" maw={520}>
        <Title order={1} fz="h2">{t("setup.title")}</Title>
        {setup.data?.needed === false ? (
          <Alert className="note" mt="md">
            {t("setup.done")} <Anchor component={Link} to="/sign-in" underline="always">{t("session.title")}</Anchor>
          </Alert>
        ) : (
          <>
            <Text c="dimmed" mt={4}>{t("setup.intro")}</Text>
            <Progress value={step * 50} mt="lg" size="sm" aria-label={t("setup.step_of", { n: step })} />
            <Text size="sm" c="dimmed" mt={6} mb="lg">
              {t("setup.step_of", { n: step })} · {t(step === 1 ? "setup.step_company" : "setup.step_admin")}
            </Text>
            {step === 1 ? (
              <CompanyStep form={form} setForm={setForm} error={making.error} onNext={() => setStep(2)} />
            ) : (
              <AdminStep
                form={form} setForm={setForm} error={making.error} busy={making.isPending}
                onBack={() => setStep(1)} onFinish={() => making.mutate(form)}
              />
            )}
          </>
        )}
      </Paper>
    </Outside>
  );
}

/** Sets the server up; whoever did goes on in the language that they did it in, also in mails. */
async function setUpIn(form: SetupRequest, language: MailLanguage) {
  const session = await setUp(form);
  setCsrfToken(session.csrf_token);
  const habits = { language, time_zone: browserTimeZone() };
  // The set-up stands: what is refused here can be chosen later.
  await updateProfile(habits).catch(() => undefined);
  return { ...session, staff: { ...session.staff, ...habits } };
}

function isOfFirstStep(error: ApiError): boolean {
  if (error.code.startsWith("setup_code")) return true;
  const path = String(error.details.field ?? "");
  return !path.startsWith("admin") && COMPANY_FIELDS.has(path.split(".").at(-1) ?? "");
}
