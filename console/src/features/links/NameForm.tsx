// A link's name: for a new one, and for another name.
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNote } from "../../ui/ErrorNote";

interface Properties { name: string; action: string; busy: boolean; error: unknown; onName: (name: string) => void; onCancel: () => void }

export function NameForm({ name: before, action, busy, error, onName, onCancel }: Properties) {
  const { t } = useTranslation();
  const [name, setName] = useState(before);
  const [tried, setTried] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim()) onName(name.trim());
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={t("links.name")} description={t("links.name_hint")} required maxLength={128} data-autofocus value={name}
          error={tried && !name.trim() ? t("form.required") : undefined} onChange={(event) => setName(event.currentTarget.value)}
        />
        <ErrorNote error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>{t("do.cancel")}</Button>
          <Button type="submit" loading={busy}>{action}</Button>
        </Group>
      </Stack>
    </form>
  );
}
