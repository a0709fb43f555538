// The frame of every page after sign-in: a side bar on wide screens, a bar at the thumb on phones.
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, Outlet } from "react-router";
import { Bell } from "../features/bell/Bell";
import { useMay, useSession } from "../features/session/session";
import { AccountMenu } from "./AccountMenu";
import { Logo } from "./Logo";
import { Navigation } from "./Navigation";
import { NetworkBanner } from "./NetworkBanner";
import { Notices } from "./Notices";

export function Shell() {
  const { t } = useTranslation();
  const { company } = useSession();
  const may = useMay();
  return (
    <div className="shell">
      <a className="skip" href="#content">{t("app.skip")}</a>
      <header className="shell-head">
        <Link to="/sites" className="plain" aria-label="Siteward"><Logo /></Link>
        <span className="shell-company">{company.name}</span>
        {may("view_exceptions") ? <Bell /> : null}
        <AccountMenu />
      </header>
      <Navigation />
      <main id="content" className="shell-main" tabIndex={-1}>
        <NetworkBanner />
        <Notices />
        <Suspense fallback={null}><Outlet /></Suspense>
      </main>
    </div>
  );
}
