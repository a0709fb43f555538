// A member's name and role.
import { Alert, Anchor, Button, Group, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listRoles, updateMember } from "../../api/calls";
import type { StaffMember } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { useSession } from "../session/session";
import { mayEdit, mayGiveRole } from "./memberState";
import { RoleField } from "./RoleField";

export function MemberForm({ member, rights }: { member: StaffMember; rights: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { staff } = useSession();
  const [name, setName] = useState(member.name);
  const [role, setRole] = useState(member.role?.id ?? "");
  const [tried, setTried] = useState(false);
  const roles = useQuery({ queryKey: ["roles"], queryFn: listRoles });
  const saving = useMutation({
    mutationFn: (id: string) => updateMember(id, { name: name.trim(), role_id: role && role !== member.role?.id ? role : undefined }),
    onSuccess: (saved) => {
      client.setQueryData(["member", member.id], saved);
      for (const key of ["staff", "roles", "member panels"]) void client.invalidateQueries({ queryKey: [key] });
      if (member.id === staff.id) void client.invalidateQueries({ queryKey: ["session"] });
    },
  });
  const may = mayEdit(member, staff);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim()) saving.mutate(member.id);
  };
  return (
    <Paper className="card" component="section" aria-labelledby="member-form">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Title order={2} fz="h4" id="member-form">{t("staff.role_and_name")}</Title>
          {may ? null : <Alert role="note" className="note">{t("staff.beyond")}</Alert>}
          {member.id === staff.id ? (
            <Alert role="note" className="note">
              {t("staff.own")} <Anchor component={Link} to="/profile" underline="always">{t("profile.title")}</Anchor>
            </Alert>
          ) : null}
          <TextInput
            label={t("staff.name")} required maxLength={128} disabled={!may} value={name} autoComplete="off"
            error={tried && !name.trim() ? t("form.required") : undefined} onChange={(event) => setName(event.currentTarget.value)}
          />
          {mayGiveRole(member, staff) ? <RoleField label={t("staff.role")} roles={roles.data?.items} value={role} onChange={setRole} /> : (
            <div>
              <Text fw={500}>{t("staff.role")}</Text>
              <Text>{member.is_admin ? t("staff.admin") : (member.role?.name ?? t("staff.no_role"))}</Text>
              <Text size="sm" c="dimmed">{rights}</Text>
            </div>
          )}
          <ErrorNote error={saving.error ?? roles.error} />
          {may ? (
            <Group>
              <Button type="submit" loading={saving.isPending}>{t("do.save")}</Button>
              <Text role="status" c="dimmed">{saving.isSuccess ? t("company.saved") : ""}</Text>
            </Group>
          ) : null}
        </Stack>
      </form>
    </Paper>
  );
}
