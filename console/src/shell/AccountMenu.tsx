// Who is signed in, the way to one's own account, how the console looks and speaks, and the way out.
import { Avatar, Button, Popover, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconLogout, IconUserCircle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession } from "../features/session/session";
import { useSignOut } from "../features/session/useSignOut";
import { ErrorNote } from "../ui/ErrorNote";
import { initialsOf } from "../ui/initials";
import { Choices } from "./Choices";

export function AccountMenu() {
  const { t } = useTranslation();
  const { staff } = useSession();
  const [opened, setOpened] = useState(false);
  const initials = initialsOf(staff.name);
  const leave = useSignOut();
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
            <Text fw={600} className="wrap">{staff.name}</Text>
            <Text size="sm" c="dimmed" className="wrap">{staff.email}</Text>
          </div>
          <Button
            component={Link} to="/profile" variant="default" fullWidth leftSection={<IconUserCircle size={18} aria-hidden="true" />}
            onClick={() => setOpened(false)}
          >
            {t("profile.title")}
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
