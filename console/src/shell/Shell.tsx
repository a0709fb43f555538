// The frame of every page after sign-in: a side bar on wide screens, a bar at the thumb on phones.
import { IconAlertTriangle, IconBuilding, IconHistory, IconMapPin, IconVersions } from "@tabler/icons-react";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, Outlet, useLocation } from "react-router";
import { useSession } from "../features/session/session";
import { AccountMenu } from "./AccountMenu";
import { Logo } from "./Logo";
import { Notices } from "./Notices";

export function Shell() {
  const { t } = useTranslation();
  const { staff, company } = useSession();
  // A device belongs to a site, so its page is a part of the sites.
  const ofSite = useLocation().pathname.startsWith("/devices/");
  const entries = [
    { to: "/sites", text: t("nav.sites"), Icon: IconMapPin },
    { to: "/exceptions", text: t("nav.exceptions"), Icon: IconAlertTriangle },
    { to: "/fleet", text: t("nav.fleet"), Icon: IconVersions },
    ...(staff.is_admin ? [{ to: "/log", text: t("nav.log"), Icon: IconHistory }] : []),
    { to: "/company", text: t("nav.company"), Icon: IconBuilding },
  ];
  return (
    <div className="shell">
      <a className="skip" href="#content">{t("app.skip")}</a>
      <header className="shell-head">
        <Link to="/sites" className="plain" aria-label="Siteward"><Logo /></Link>
        <span className="shell-company">{company.name}</span>
        <AccountMenu />
      </header>
      <nav className="shell-nav" aria-label={t("nav.main")}>
        {entries.map(({ to, text, Icon }) => (
          <NavLink key={to} to={to} className={`shell-link${ofSite && to === "/sites" ? " active" : ""}`}>
            <Icon size={22} stroke={1.7} aria-hidden="true" />
            <span>{text}</span>
          </NavLink>
        ))}
      </nav>
      <main id="content" className="shell-main" tabIndex={-1}>
        <Notices />
        <Suspense fallback={null}><Outlet /></Suspense>
      </main>
    </div>
  );
}
