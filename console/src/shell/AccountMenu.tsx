// Who is signed in, how the console looks and speaks, and the way out.
import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { signOut } from "../api/calls";
import { setCsrfToken } from "../api/client";
import { useSession } from "../features/session/session";
import { LanguageChoice, ThemeChoice } from "./Choices";

export function AccountMenu() {
  const { t } = useTranslation();
  const { staff } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: signOut,
    onSettled: () => {
      void navigate("/sign-in", { replace: true });
      setCsrfToken(null);
      client.clear();
    },
  });
  return (
    <Menu position="bottom-end" width={280} shadow="md" closeOnItemClick={false}>
      <Menu.Target>
        <UnstyledButton className="account" aria-label={t("nav.menu")}>
          <Avatar name={staff.name} color="initials" size={36} radius="xl" className="initials" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className="menu-part">
          <Text fw={600} size="sm">{staff.name}</Text>
          <Text size="sm" c="dimmed" className="wrap">{staff.email}</Text>
        </div>
        <Menu.Divider />
        <ThemeChoice />
        <LanguageChoice />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={18} aria-hidden="true" />} onClick={() => leave.mutate()}>
          {t("nav.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
