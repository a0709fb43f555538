// One role: who has it and what it allows.
import { Button, Group, Text, Title } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { deleteRole } from "../../api/calls";
import type { Role } from "../../api/types";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { useDialog } from "../../ui/useDialog";
import { useSession } from "../session/session";
import { InUseDialog } from "./InUseDialog";
import { lacking, RIGHTS } from "./rights";

export function RoleCard({ role, onEdit }: { role: Role; onEdit: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { staff } = useSession();
  const deleting = useDialog();
  const inUse = useDialog();
  const beyond = lacking(role.rights, staff.rights).length > 0;
  return (
    <li className="card role-card">
      <div className="card-top">
        <Title order={2} fz={17} className="wrap">{role.name}</Title>
        <span className="chip">{t("roles.members", { count: role.members })}</span>
      </div>
      {role.rights.length === 0 ? <Text size="sm" c="dimmed" mt="sm">{t("right.none")}</Text> : (
        <ul className="rules rights" aria-label={t("roles.rights")}>
          {RIGHTS.filter((right) => role.rights.includes(right)).map((right) => (
            <li key={right}><IconCheck size={16} aria-hidden="true" />{t(`right.${right}`)}</li>
          ))}
        </ul>
      )}
      {beyond ? <Text size="sm" c="dimmed" mt="sm">{t("roles.beyond")}</Text> : (
        <Group gap="sm" mt="md">
          <Button variant="default" size="sm" aria-label={`${t("roles.edit")}: ${role.name}`} onClick={onEdit}>{t("roles.edit")}</Button>
          <Button variant="default" size="sm" className="danger-text" aria-label={`${t("do.delete")}: ${role.name}`} onClick={role.members > 0 ? inUse.open : deleting.open}>
            {t("do.delete")}
          </Button>
        </Group>
      )}
      <InUseDialog role={role} opened={inUse.opened} onClose={inUse.close} />
      <ConfirmDialog
        key={deleting.key} opened={deleting.opened} onClose={deleting.close} title={t("roles.delete_title", { name: role.name })}
        text={t("roles.delete_text")} action={t("do.delete")} run={() => deleteRole(role.id)}
        onDone={() => {
          deleting.close();
          void client.invalidateQueries({ queryKey: ["roles"] });
        }}
      />
    </li>
  );
}
