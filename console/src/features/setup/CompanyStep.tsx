// First step: the code, the company, where it is, and how people reach this server.
import { Button, Select, Stack, TextInput } from "@mantine/core";
import { useMemo, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import type { SetupRequest } from "../../api/types";
import { fieldError } from "../../texts/errors";
import { ErrorNote } from "../../ui/ErrorNote";
import { isWebAddress } from "../../ui/forms";
import { countries } from "./countries";

interface Properties {
  form: SetupRequest; setForm: (form: SetupRequest) => void; error: unknown; onNext: () => void;
}

export function CompanyStep({ form, setForm, error, onNext }: Properties) {
  const { t, i18n } = useTranslation();
  const [tried, setTried] = useState(false);
  const list = useMemo(() => countries(i18n.language), [i18n.language]);
  const { company } = form;
  const missing = (bad: boolean, key = "form.required") => (tried && bad ? t(key) : undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (form.setup_code && company.name.trim() && company.region && isWebAddress(form.public_url)) onNext();
  };
  const wrongCode = error instanceof ApiError && error.code === "setup_code_wrong";
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={t("setup.code")} description={t("setup.code_hint")} required autoComplete="off" spellCheck={false}
          value={form.setup_code} error={missing(!form.setup_code)}
          onChange={(event) => setForm({ ...form, setup_code: event.currentTarget.value.trim() })}
        />
        {wrongCode ? <ErrorNote error={error} /> : null}
        <TextInput
          label={t("setup.company_name")} required maxLength={128} autoComplete="organization" value={company.name}
          error={missing(!company.name.trim()) ?? fieldError(i18n, error, "company", "name")}
          onChange={(event) => setForm({ ...form, company: { ...company, name: event.currentTarget.value } })}
        />
        <Select
          label={t("setup.region")} description={t("setup.region_hint")} required searchable data={list} limit={300}
          value={company.region || null} nothingFoundMessage={t("setup.region_none")} allowDeselect={false}
          error={missing(!company.region) ?? fieldError(i18n, error, "region")}
          onChange={(region) => setForm({ ...form, company: { ...company, region: region ?? "" } })}
        />
        <TextInput
          label={t("setup.public_url")} description={t("setup.public_url_hint")} required type="url" inputMode="url"
          value={form.public_url} error={missing(!isWebAddress(form.public_url), "form.url") ?? fieldError(i18n, error, "public_url")}
          onChange={(event) => setForm({ ...form, public_url: event.currentTarget.value })}
        />
        <Button type="submit" size="lg">{t("do.next")}</Button>
      </Stack>
    </form>
  );
}
