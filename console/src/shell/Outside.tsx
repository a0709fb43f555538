// The frame of the pages before sign-in.
import { ActionIcon, Popover, Text } from "@mantine/core";
import { IconSettings } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Choices } from "./Choices";
import { Logo } from "./Logo";
import { useTitle } from "./useTitle";

export function Outside({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation();
  useTitle(title);
  return (
    <div className="outside">
      <header className="outside-head">
        <Logo size={34} />
        <Popover position="bottom-end" width={300} shadow="md" trapFocus withinPortal={false}>
          <Popover.Target>
            <ActionIcon variant="subtle" color="gray" size={44} aria-label={t("nav.menu")} className="quiet">
              <IconSettings size={22} aria-hidden="true" />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown aria-label={t("nav.menu")}>
            <Choices />
          </Popover.Dropdown>
        </Popover>
      </header>
      <main className="outside-main">{children}</main>
      <footer><Text size="sm" c="dimmed" ta="center">{t("app.tagline")}</Text></footer>
    </div>
  );
}
