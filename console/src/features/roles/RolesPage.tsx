// Roles: sets of rights that members of staff have.
import { Button, Stack } from "@mantine/core";
import { IconPlus, IconShieldHalf } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listRoles } from "../../api/calls";
import { useLive } from "../../api/live";
import type { Role } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useDialog } from "../../ui/useDialog";
import { useMay } from "../session/session";
import { RoleCard } from "./RoleCard";
import { RoleDialog } from "./RoleDialog";

export function RolesPage() {
  const { t } = useTranslation();
  useLive();
  const may = useMay();
  const editing = useDialog();
  const [chosen, setChosen] = useState<Role | undefined>();
  const list = useQuery({ queryKey: ["roles"], queryFn: listRoles });
  const edit = (role?: Role) => {
    setChosen(role);
    editing.open();
  };
  const add = <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={() => edit()}>{t("roles.add")}</Button>;
  return (
    <Stack gap="lg">
      <PageHead
        title={t("roles.title")} hint={t("roles.hint")} up={may("manage_staff") ? { to: "/staff", text: t("staff.title") } : undefined}
        actions={list.data?.items.length ? add : null}
      />
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <LoadingRows height={140} /> : null}
      {list.data?.items.length === 0 ? <Empty Icon={IconShieldHalf} title={t("roles.none")} hint={t("roles.hint")}>{add}</Empty> : null}
      {list.data?.items.length ? (
        <ul className="site-list" aria-label={t("roles.title")}>
          {list.data.items.map((role) => <RoleCard key={role.id} role={role} onEdit={() => edit(role)} />)}
        </ul>
      ) : null}
      <RoleDialog key={editing.key} role={chosen} opened={editing.opened} onClose={editing.close} />
    </Stack>
  );
}
