// Who is signed in, how the console looks and speaks, and the way out.
import { Avatar, Button, Popover, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconLogout } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { signOut } from "../api/calls";
import { replaceSession, useSession } from "../features/session/session";
import { ErrorNote } from "../ui/ErrorNote";
import { Choices } from "./Choices";

export function AccountMenu() {
  const { t } = useTranslation();
  const { staff } = useSession();
  const initials = initialsOf(staff.name);
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      // Away first, so that the next person does not land on this one's page.
      void navigate("/sign-in", { replace: true });
      replaceSession(client, null);
    },
  });
  return (
    <Popover position="bottom-end" width={300} shadow="md" trapFocus withinPortal={false}>
      <Popover.Target>
        <UnstyledButton className="account" aria-label={`${initials}, ${t("nav.menu")}`}>
          <Avatar size={36} radius="xl" className="initials">{initials}</Avatar>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("nav.menu")}>
        <Stack>
          <div>
            <Text fw={600}>{staff.name}</Text>
            <Text size="sm" c="dimmed" className="wrap">{staff.email}</Text>
          </div>
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

/** The first letters of the first and the last word. */
function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letter = (word = "") => Array.from(word)[0]?.toUpperCase() ?? "";
  return letter(words[0]) + (words.length > 1 ? letter(words.at(-1)) : "");
}
