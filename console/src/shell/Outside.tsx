// The frame of the pages before sign-in.
import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconSettings } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LanguageChoice, ThemeChoice } from "./Choices";
import { Logo } from "./Logo";
import { useTitle } from "./useTitle";

export function Outside({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation();
  useTitle(title);
  return (
    <div className="outside">
      <header className="outside-head">
        <Logo size={34} />
        <Menu position="bottom-end" width={220} shadow="md" closeOnItemClick={false}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={44} aria-label={t("nav.menu")} className="quiet">
              <IconSettings size={22} aria-hidden="true" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <ThemeChoice />
            <LanguageChoice />
          </Menu.Dropdown>
        </Menu>
      </header>
      <main className="outside-main">{children}</main>
      <footer><Text size="sm" c="dimmed" ta="center">{t("app.tagline")}</Text></footer>
    </div>
  );
}
