// The ways to the pages, as far as one's rights go. On a phone the last of them share a menu, so that each has room for its word.
import { Menu, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconBuilding, IconDots, IconHistory, IconMapPin, IconUsers, IconVersions, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, useLocation } from "react-router";
import { useMay, useSession } from "../features/session/session";

interface Entry { to: string; text: string; Icon: Icon }

/** Pages without an entry of their own, by the entry that they belong to. */
const PARTS: Record<string, string[]> = {
  "/sites": ["/devices", "/serve"],
  "/exceptions": ["/incidents"],
  "/fleet": ["/firmware", "/upgrades"],
  "/company": ["/mail", "/webhooks", "/compatibility", "/panel-exits"],
};

/** So many have room beside each other on a phone. */
const ROOM = 5;

export function Navigation() {
  const { t } = useTranslation();
  const entries = useEntries();
  const path = useLocation().pathname;
  const here = (to: string) => [to, ...(PARTS[to] ?? [])].some((part) => path === part || path.startsWith(`${part}/`));
  const shown = entries.length > ROOM ? ROOM - 1 : entries.length;
  const rest = entries.slice(shown);
  const active = (one: boolean) => (one ? " active" : "");
  return (
    <nav className="shell-nav" aria-label={t("nav.main")}>
      {entries.map(({ to, text, Icon: Shown }, index) => (
        <NavLink key={to} to={to} className={`shell-link${active(here(to))}${index >= shown ? " shell-wide" : ""}`}>
          <Shown size={22} stroke={1.7} aria-hidden="true" />
          <span>{text}</span>
        </NavLink>
      ))}
      {rest.length > 0 ? (
        <Menu position="top-end" shadow="md" width={220}>
          <Menu.Target>
            <UnstyledButton className={`shell-link shell-more${active(rest.some(({ to }) => here(to)))}`}>
              <IconDots size={22} stroke={1.7} aria-hidden="true" />
              <span>{t("nav.more")}</span>
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {rest.map(({ to, text, Icon: Shown }) => (
              <Menu.Item key={to} component={Link} to={to} leftSection={<Shown size={20} stroke={1.7} aria-hidden="true" />}>{text}</Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </nav>
  );
}

function useEntries(): Entry[] {
  const { t } = useTranslation();
  const { staff } = useSession();
  const may = useMay();
  const sites = may("manage_all_sites", "manage_assigned_sites");
  const entry = (on: boolean, to: string, text: string, Icon: Icon): Entry[] => (on ? [{ to, text, Icon }] : []);
  return [
    ...entry(sites, "/sites", t("nav.sites"), IconMapPin),
    ...entry(sites && may("view_exceptions"), "/exceptions", t("nav.exceptions"), IconAlertTriangle),
    ...entry(sites, "/fleet", t("nav.fleet"), IconVersions),
    ...entry(may("manage_staff", "manage_roles"), may("manage_staff") ? "/staff" : "/staff/roles", t("nav.staff"), IconUsers),
    ...entry(staff.is_admin, "/log", t("nav.log"), IconHistory),
    ...entry(true, "/company", t("nav.company"), IconBuilding),
  ];
}
