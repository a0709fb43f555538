// Makes another member of staff the Installer Admin. There is exactly one, so whoever was gets a role instead.
import { Alert, Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { getProfile, handOverAdmin, listRoles } from "../../api/calls";
import { CodeField, codeOf } from "../../ui/CodeField";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { SecretInput } from "../../ui/SecretInput";
import { useTakeSession } from "../session/session";
import { RoleField } from "../staff/RoleField";
import { useColleagues } from "./useColleagues";

interface Properties { opened: boolean; onClose: () => void; onDone: (name: string) => void }

export function HandOverDialog({ opened, onClose, onDone }: Properties) {
  const { t } = useTranslation();
  const take = useTakeSession();
  const [form, setForm] = useState({ staff_id: "", role_id: "", password: "", code: "" });
  const [tried, setTried] = useState(false);
  const colleagues = useColleagues(opened);
  const roles = useQuery({ queryKey: ["roles"], queryFn: listRoles, enabled: opened });
  const profile = useQuery({ queryKey: ["profile"], queryFn: getProfile, enabled: opened });
  const code = profile.data?.two_factor.enabled ? codeOf(form.code) : undefined;
  const name = colleagues.items.find(({ id }) => id === form.staff_id)?.name ?? "";
  const handing = useMutation({
    mutationFn: handOverAdmin,
    onSuccess: (session) => {
      onClose();
      onDone(name);
      // The rights are others now: what was seen with the former ones is forgotten.
      take(session);
    },
  });
  const change = (part: Partial<typeof form>) => {
    handing.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const { staff_id, role_id, password } = form;
    if (staff_id && role_id && password && code !== "") handing.mutate({ staff_id, role_id, password, code });
  };
  const required = (text: string | undefined) => (tried && text === "" ? t("form.required") : undefined);
  return (
    <Dialog opened={opened} onClose={onClose} title={t("hand_over.title")} size={520}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Alert role="note" className="note note-warn" icon={<IconAlertTriangle aria-hidden="true" />}>{t("hand_over.text")}</Alert>
          <Select
            label={t("hand_over.to")} required searchable data={colleagues.items.map(({ id, name: label, email }) => ({ value: id, label: `${label} (${email})` }))}
            value={form.staff_id || null} allowDeselect={false} nothingFoundMessage={t("hand_over.nobody")} error={required(form.staff_id)}
            description={colleagues.isSuccess && colleagues.items.length === 0 ? t("hand_over.nobody_yet") : undefined}
            onChange={(id) => change({ staff_id: id ?? "" })}
          />
          <RoleField
            label={t("hand_over.my_role")} description={t("hand_over.my_role_hint")} roles={roles.data?.items} value={form.role_id}
            error={required(form.role_id)} onChange={(role_id) => change({ role_id })}
          />
          <SecretInput
            label={t("profile.own_password")} autoComplete="current-password" required value={form.password} error={required(form.password)}
            onChange={(event) => change({ password: event.currentTarget.value })}
          />
          {code === undefined ? null : <CodeField value={form.code} onChange={(text) => change({ code: text })} error={required(code)} recovery />}
          <ErrorNote error={handing.error ?? colleagues.error ?? roles.error ?? profile.error} />
          {name ? <Text size="sm">{t("hand_over.result", { name })}</Text> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" className="danger" loading={handing.isPending}>{t("hand_over.do")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
