// Invites somebody by mail: the link in it makes them a member of the staff.
import { Alert, Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconMailForward } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createInvitation, listRoles } from "../../api/calls";
import { LANGUAGES, type Language } from "../../texts";
import { fieldError } from "../../texts/errors";
import { formatInstant } from "../../texts/times";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { isEmail } from "../../ui/forms";
import { useSession } from "../session/session";
import { MailWaits } from "./MailWaits";
import { RoleField } from "./RoleField";

export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { staff } = useSession();
  const [form, setForm] = useState({ email: "", name: "", role_id: "", language: (staff.language ?? i18n.language) as Language });
  const [tried, setTried] = useState(false);
  const roles = useQuery({ queryKey: ["roles"], queryFn: listRoles, enabled: opened });
  const inviting = useMutation({
    mutationFn: createInvitation,
    onSuccess: () => {
      for (const key of ["invitations", "mails"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const change = (part: Partial<typeof form>) => {
    inviting.reset();
    setForm({ ...form, ...part });
  };
  const email = form.email.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isEmail(email) && form.name.trim() && form.role_id) inviting.mutate({ ...form, email, name: form.name.trim() });
  };
  if (inviting.data) {
    const { name, expires_at: until } = inviting.data;
    return (
      <Dialog opened={opened} onClose={onClose} title={t("staff.invite")} size={520}>
        <Stack>
          <Alert role="status" className="note note-good" icon={<IconMailForward aria-hidden="true" />}>
            {t("invitations.made_for", { name, email: inviting.data.email, until: formatInstant(until, i18n.language) })}
          </Alert>
          <MailWaits />
          <Group justify="flex-end"><Button onClick={onClose} data-autofocus>{t("do.done")}</Button></Group>
        </Stack>
      </Dialog>
    );
  }
  return (
    <Dialog opened={opened} onClose={onClose} title={t("staff.invite")} size={520}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack>
          <Text c="dimmed" size="sm">{t("invitations.text")}</Text>
          <TextInput
            label={t("setup.email")} required type="email" inputMode="email" maxLength={254} data-autofocus autoComplete="off" value={form.email}
            error={tried && !isEmail(email) ? t("form.email") : fieldError(i18n, inviting.error, "email")}
            onChange={(event) => change({ email: event.currentTarget.value })}
          />
          <TextInput
            label={t("staff.name")} required maxLength={128} autoComplete="off" value={form.name}
            error={tried && !form.name.trim() ? t("form.required") : undefined} onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <RoleField
            label={t("staff.role")} roles={roles.data?.items} value={form.role_id} error={tried && !form.role_id ? t("form.required") : undefined}
            onChange={(role_id) => change({ role_id })}
          />
          <NativeSelect
            label={t("invitations.language")} value={form.language} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
            onChange={(event) => change({ language: event.currentTarget.value as Language })}
          />
          <ErrorNote error={inviting.error ?? roles.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={inviting.isPending}>{t("invitations.send")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
