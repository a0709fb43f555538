// What a company may set for itself.
import { Alert, Button, Group, NumberInput, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { updateCompany } from "../../api/calls";
import type { Session } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { ErrorNote } from "../../ui/ErrorNote";
import { isWebAddress } from "../../ui/forms";
import { AppHintForm } from "../apphint/AppHintForm";
import { CompatibilityCard } from "../compatibility/CompatibilityCard";
import { ExitsCard } from "../exits/ExitsCard";
import { MailCard } from "../mail/MailCard";
import { WebhookCard } from "../webhooks/WebhookCard";
import { useSession } from "../session/session";
import { countryName } from "../setup/countries";
import { LogoCard } from "./LogoCard";
import { SecurityCard } from "./SecurityCard";

export function CompanyPage() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { company, staff, may_set_public_url: mayMove } = useSession();
  const [form, setForm] = useState({
    name: company.name, public_url: company.public_url, age: (company.qr_age_limit_days ?? "") as number | string,
  });
  const [tried, setTried] = useState(false);
  const [successor, setSuccessor] = useState<string | null>(null);
  const saving = useMutation({
    mutationFn: updateCompany,
    onSuccess: (saved) =>
      client.setQueryData<Session | null>(["session"], (before) => (before ? { ...before, company: saved } : before)),
  });
  const goodAge = form.age === "" || (Number.isInteger(Number(form.age)) && Number(form.age) >= 1);
  const change = (part: Partial<typeof form>) => {
    saving.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!form.name.trim() || (mayMove && !isWebAddress(form.public_url)) || !goodAge) return;
    saving.mutate({
      name: form.name.trim(), qr_age_limit_days: form.age === "" ? null : Number(form.age),
      ...(mayMove ? { public_url: form.public_url.trim() } : {}),
    });
  };
  return (
    <Stack gap="lg">
      <PageHead title={t("company.title")} />
      <div role="status" className="said">
        {successor === null ? null : <Alert role="note" className="note note-good">{t("hand_over.done", { name: successor })}</Alert>}
      </div>
      <Paper className="card" maw={640}>
        <form onSubmit={submit} noValidate>
          <Stack>
            {staff.is_admin ? null : <Alert className="note">{t("company.read_only")}</Alert>}
            <TextInput
              label={t("company.name")} required maxLength={128} disabled={!staff.is_admin} value={form.name}
              error={tried && !form.name.trim() ? t("form.required") : undefined}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            <TextInput
              label={t("company.region")} description={t("company.region_fixed")} readOnly className="read-only"
              value={countryName(company.region, i18n.language)}
            />
            <TextInput
              label={t("company.public_url")} description={t(mayMove ? "setup.public_url_hint" : "company.public_url_fixed")} type="url"
              required={mayMove} readOnly={!mayMove} className={mayMove ? undefined : "read-only"}
              disabled={mayMove && !staff.is_admin} value={form.public_url}
              error={tried && !isWebAddress(form.public_url) ? t("form.url") : undefined}
              onChange={(event) => change({ public_url: event.currentTarget.value })}
            />
            <NumberInput
              label={t("company.age_limit")} description={t("company.age_limit_hint")} min={1} hideControls
              allowDecimal={false} allowNegative={false} disabled={!staff.is_admin} value={form.age}
              error={tried && !goodAge ? t("form.number") : undefined} onChange={(age) => change({ age })}
            />
            <ErrorNote error={saving.error} />
            <Group>
              <Button type="submit" loading={saving.isPending} disabled={!staff.is_admin}>{t("do.save")}</Button>
              <Text role="status" c="dimmed">{saving.isSuccess ? t("company.saved") : ""}</Text>
            </Group>
          </Stack>
        </form>
      </Paper>
      {staff.is_admin ? <SecurityCard onHandedOver={setSuccessor} /> : null}
      <LogoCard />
      <AppHintForm />
      {staff.is_admin ? <MailCard /> : null}
      {staff.is_admin ? <WebhookCard /> : null}
      {staff.is_admin ? <CompatibilityCard /> : null}
      <ExitsCard />
    </Stack>
  );
}
