// Second step: the account of the Installer Admin.
import { Button, Group, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { SetupRequest } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { isEmail } from "../../ui/forms";
import { passwordRules } from "./passwordRules";
import { PasswordRules } from "./PasswordRules";

interface Properties {
  form: SetupRequest; setForm: (form: SetupRequest) => void; error: unknown; busy: boolean;
  onBack: () => void; onFinish: () => void;
}

export function AdminStep({ form, setForm, error, busy, onBack, onFinish }: Properties) {
  const { t } = useTranslation();
  const [tried, setTried] = useState(false);
  const { admin } = form;
  const change = (part: Partial<SetupRequest["admin"]>) => setForm({ ...form, admin: { ...admin, ...part } });
  const strong = passwordRules(admin.password, admin.email).every(({ met }) => met);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (admin.name.trim() && isEmail(admin.email) && strong) onFinish();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={t("setup.admin_name")} required autoFocus maxLength={128} autoComplete="name" value={admin.name}
          error={tried && !admin.name.trim() ? t("form.required") : undefined}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          label={t("setup.email")} required type="email" inputMode="email" autoComplete="username" value={admin.email}
          error={tried && !isEmail(admin.email) ? t("form.email") : undefined}
          onChange={(event) => change({ email: event.currentTarget.value.trim() })}
        />
        <div>
          <PasswordInput
            label={t("setup.password")} required autoComplete="new-password" value={admin.password}
            error={tried && !strong} aria-describedby="password-rules"
            onChange={(event) => change({ password: event.currentTarget.value })}
            visibilityToggleButtonProps={{ "aria-label": t("session.show_password"), tabIndex: 0 }}
          />
          <div id="password-rules"><PasswordRules password={admin.password} email={admin.email} /></div>
        </div>
        <ErrorNote error={error} />
        <Group className="button-pair">
          <Button variant="default" size="lg" onClick={onBack}>{t("do.back")}</Button>
          <Button type="submit" size="lg" loading={busy}>{t("setup.finish")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
