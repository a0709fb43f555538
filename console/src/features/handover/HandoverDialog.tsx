// Hands a site over: to whom, and what the company asks to be allowed in return.
import { Alert, Button, Checkbox, Group, NativeSelect, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconMailForward } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createHandover } from "../../api/calls";
import type { Site } from "../../api/types";
import { LANGUAGES, type Language } from "../../texts";
import { fieldError } from "../../texts/errors";
import { formatInstant } from "../../texts/times";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { isEmail } from "../../ui/forms";
import { allDevices } from "../devices/allDevices";
import { useSession } from "../session/session";
import { MailWaits } from "../staff/MailWaits";
import { asksOf, NOTHING, PERMISSIONS, type Choice } from "./handoverState";
import { PermissionFields } from "./PermissionFields";

export function HandoverDialog({ site, opened, onClose }: { site: Site; opened: boolean; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { staff } = useSession();
  const [form, setForm] = useState({ email: "", name: "", phone: "", remark: "", language: (staff.language ?? i18n.language) as Language });
  const [manage, setManage] = useState(true);
  const [choice, setChoice] = useState<Choice>(NOTHING);
  const [tried, setTried] = useState(false);
  const devices = useQuery({ queryKey: ["devices", "of site", site.id], queryFn: () => allDevices(site.id), enabled: opened && site.devices.total > 0 });
  const inviting = useMutation({
    mutationFn: () => createHandover(site.id, {
      ...form, email: form.email.trim(), name: form.name.trim(), remark: form.remark.trim(), phone: form.phone.trim() || null,
      asks: asksOf(manage, choice, devices.data ?? []),
    }),
    onSuccess: () => {
      for (const key of ["handovers", "site", "sites", "mails"]) void client.invalidateQueries({ queryKey: [key] });
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
    if (isEmail(email)) inviting.mutate();
  };
  const title = t("handover.dialog_title", { site: site.name });
  if (inviting.data) {
    return (
      <Dialog opened={opened} onClose={onClose} title={title}>
        <Stack>
          <Alert role="status" className="note note-good" icon={<IconMailForward aria-hidden="true" />}>
            {t("handover.made_for", { email: inviting.data.email, until: formatInstant(inviting.data.expires_at, i18n.language) })}
          </Alert>
          <MailWaits />
          <Group justify="flex-end"><Button onClick={onClose} data-autofocus>{t("do.done")}</Button></Group>
        </Stack>
      </Dialog>
    );
  }
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack>
          <Text c="dimmed" size="sm">{t("handover.text")}</Text>
          <TextInput
            label={t("setup.email")} required type="email" inputMode="email" maxLength={254} data-autofocus autoComplete="off" value={form.email}
            error={tried && !isEmail(email) ? t("form.email") : fieldError(i18n, inviting.error, "email")}
            onChange={(event) => change({ email: event.currentTarget.value })}
          />
          <TextInput label={t("staff.name")} maxLength={128} autoComplete="off" value={form.name} onChange={(event) => change({ name: event.currentTarget.value })} />
          <TextInput
            label={t("handover.phone")} type="tel" inputMode="tel" maxLength={32} autoComplete="off" value={form.phone} placeholder="+49 30 1234567"
            error={fieldError(i18n, inviting.error, "phone")} onChange={(event) => change({ phone: event.currentTarget.value })}
          />
          <NativeSelect
            label={t("invitations.language")} value={form.language} data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
            onChange={(event) => change({ language: event.currentTarget.value as Language })}
          />
          <fieldset className="plain-fieldset">
            <legend>{t("handover.asks")}</legend>
            <Stack gap="sm">
              <Text c="dimmed" size="sm">{t("handover.asks_hint")}</Text>
              <Checkbox
                label={t("handover.asks_site")} description={t("handover.asks_site_hint")} checked={manage}
                onChange={(event) => setManage(event.currentTarget.checked)}
              />
              {site.devices.total === 0 ? <Text size="sm" c="dimmed">{t("handover.no_devices")}</Text> : PERMISSIONS.map((permission) => (
                <PermissionFields
                  key={permission} permission={permission} devices={devices.data} chosen={choice[permission]}
                  onChange={(chosen) => setChoice({ ...choice, [permission]: chosen })}
                />
              ))}
            </Stack>
          </fieldset>
          <Textarea
            label={t("handover.remark")} maxLength={500} autosize minRows={2} maxRows={5} value={form.remark}
            error={fieldError(i18n, inviting.error, "remark")} onChange={(event) => change({ remark: event.currentTarget.value })}
          />
          <ErrorNote error={inviting.error ?? devices.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={inviting.isPending} disabled={site.devices.total > 0 && devices.isPending}>{t("invitations.send")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
