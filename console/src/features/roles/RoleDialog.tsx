// Makes a role, or edits one: every right with a sentence on what it opens.
import { Alert, Button, Checkbox, Group, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createRole, updateRole } from "../../api/calls";
import type { Right, Role } from "../../api/types";
import { fieldError } from "../../texts/errors";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { useSession } from "../session/session";
import { RIGHTS } from "./rights";

/** As long as the database takes it. */
const LONGEST_NAME = 64;

export function RoleDialog({ role, opened, onClose }: { role?: Role; opened: boolean; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { staff } = useSession();
  const [name, setName] = useState(role?.name ?? "");
  const [rights, setRights] = useState<Right[]>(role?.rights ?? ["manage_assigned_sites", "view_exceptions"]);
  const [tried, setTried] = useState(false);
  const saving = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), rights };
      return role ? updateRole(role.id, body) : createRole(body);
    },
    onSuccess: () => {
      for (const key of ["roles", "staff", "member"]) void client.invalidateQueries({ queryKey: [key] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim()) saving.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t(role ? "roles.edit_title" : "roles.add")}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={t("roles.name")} required maxLength={LONGEST_NAME} data-autofocus value={name} autoComplete="off"
            error={tried && !name.trim() ? t("form.required") : fieldError(i18n, saving.error, "name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox.Group label={t("roles.rights")} value={rights} onChange={(chosen) => setRights(chosen as Right[])}>
            <Stack gap="sm" mt="xs">
              {RIGHTS.map((right) => (
                <Checkbox
                  key={right} size="md" value={right} label={t(`right.${right}`)} description={t(`right_text.${right}`)}
                  disabled={!staff.rights.includes(right)}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          {role && role.members > 0 ? <Alert role="note" className="note">{t("roles.applies", { count: role.members })}</Alert> : null}
          <ErrorNote error={saving.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={saving.isPending}>{t(role ? "do.save" : "do.add")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
