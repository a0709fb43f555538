// Which end user is signed in, the way to their account, how the portal looks and speaks, and the way out.
import { Avatar, Button, Popover, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconLogout, IconUserCircle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { signOutOfMine } from "../../api/calls";
import { Choices } from "../../shell/Choices";
import { ErrorNote } from "../../ui/ErrorNote";
import { initialsOf } from "../../ui/initials";
import { replaceMySession, useMySession } from "./session";

export function MyMenu() {
  const { t } = useTranslation();
  const { end_user } = useMySession();
  const [opened, setOpened] = useState(false);
  const initials = initialsOf(end_user.name);
  const leave = useSignOutOfMine();
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={300} shadow="md" trapFocus withinPortal={false}>
      <Popover.Target>
        <UnstyledButton className="account" aria-label={`${initials}, ${t("nav.menu")}`} onClick={() => setOpened(!opened)}>
          <Avatar size={36} radius="xl" className="initials">{initials}</Avatar>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("nav.menu")}>
        <Stack>
          <div>
            <Text fw={600} className="wrap">{end_user.name}</Text>
            <Text size="sm" c="dimmed" className="wrap">{end_user.email}</Text>
          </div>
          <Button
            component={Link} to="/my/account" variant="default" fullWidth leftSection={<IconUserCircle size={18} aria-hidden="true" />}
            onClick={() => setOpened(false)}
          >
            {t("my.account")}
          </Button>
          <Choices />
          <ErrorNote error={leave.error} />
          <Button
            variant="default" fullWidth leftSection={<IconLogout size={18} aria-hidden="true" />}
            loading={leave.isPending} onClick={() => leave.mutate()}
          >
            {t("nav.sign_out")}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function useSignOutOfMine() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: signOutOfMine,
    onSuccess: async () => {
      // Away first and at once, so that the next person does not land on this one's page.
      await navigate("/my/sign-in", { replace: true, flushSync: true });
      replaceMySession(client, null);
    },
  });
}
