// The frame of the owner's portal: as that of the console, with ways of its own.
import { VisuallyHidden } from "@mantine/core";
import { Suspense } from "react";
import { IconMapPin, IconShare3, IconUserCircle, IconUsersGroup, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, Outlet, useLocation } from "react-router";
import { Logo } from "../../shell/Logo";
import "../my_sharing/sharing.css";
import { useWaiting } from "../my_sharing/useWaiting";
import { MyMenu } from "./MyMenu";

interface Way { to: string; text: string; Icon: Icon; also: string[]; waiting?: number }

export function MyShell() {
  const { t } = useTranslation();
  const path = useLocation().pathname;
  const waiting = useWaiting();
  const ways: Way[] = [
    { to: "/my/sites", text: t("my.sites"), Icon: IconMapPin, also: ["/my/devices", "/my/scan", "/my/unbind"] },
    { to: "/my/sharing", text: t("sharing.nav"), Icon: IconShare3, also: ["/my/share"], waiting: waiting.asking },
    { to: "/my/shared", text: t("my_shares.title"), Icon: IconUsersGroup, also: ["/my/code"], waiting: waiting.offered },
    { to: "/my/account", text: t("my.account"), Icon: IconUserCircle, also: [] },
  ];
  const here = ({ to, also }: Way) => [to, ...also].some((start) => path === start || path.startsWith(`${start}/`));
  return (
    <div className="shell">
      <a className="skip" href="#content">{t("app.skip")}</a>
      <header className="shell-head">
        <Link to="/my/sites" className="plain" aria-label="Siteward"><Logo /></Link>
        <span className="shell-company">{t("my.portal")}</span>
        <MyMenu />
      </header>
      <nav className="shell-nav" aria-label={t("nav.main")}>
        {ways.map((way) => (
          <NavLink key={way.to} to={way.to} className={`shell-link${here(way) ? " active" : ""}`}>
            <way.Icon size={22} stroke={1.7} aria-hidden="true" />
            <span>{way.text}</span>
            {way.waiting ? (
              <span className="way-count">
                <span aria-hidden="true">{way.waiting}</span><VisuallyHidden>{t("sharing.nav_waiting", { n: way.waiting })}</VisuallyHidden>
              </span>
            ) : null}
          </NavLink>
        ))}
      </nav>
      <main id="content" className="shell-main" tabIndex={-1}>
        <Suspense fallback={null}><Outlet /></Suspense>
      </main>
    </div>
  );
}
