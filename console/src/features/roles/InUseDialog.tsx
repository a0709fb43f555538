// Why a role cannot be deleted yet: the people who have it, each one tap away.
import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Role } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useMay } from "../session/session";
import { everybody } from "../staff/everybody";

export function InUseDialog({ role, opened, onClose }: { role: Role; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const known = useMay()("manage_staff");
  const list = useQuery({ queryKey: ["staff", "everybody"], queryFn: everybody, enabled: opened && known });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("roles.in_use_title", { name: role.name })} size={480}>
      <Stack>
        <Text>{t("roles.in_use_text", { count: role.members })}</Text>
        {known && list.isPending ? <LoadingRows rows={2} height={28} /> : null}
        <ErrorNote error={list.error} />
        {list.data ? (
          <ul className="plain-text-list">
            {list.data.filter((member) => member.role?.id === role.id).map(({ id, name, email }) => (
              <li key={id} className="wrap"><Anchor component={Link} to={`/staff/${id}`} underline="always">{name}</Anchor> · {email}</li>
            ))}
          </ul>
        ) : null}
        <Group justify="flex-end"><Button onClick={onClose} data-autofocus>{t("do.close")}</Button></Group>
      </Stack>
    </Dialog>
  );
}
