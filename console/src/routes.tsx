// Every address of the console. The pages after sign-in are loaded when first opened.
import { createBrowserRouter, Navigate } from "react-router";
import type { Right } from "./api/types";
import { MyGate } from "./features/my/MyGate";
import { MyShell } from "./features/my/MyShell";
import { SignInPage } from "./features/session/SignInPage";
import { Crashed, NotFound } from "./shell/Messages";
import { Gate } from "./shell/Gate";
import { Needs } from "./shell/Needs";
import { Shell } from "./shell/Shell";

/** Who works on sites has one of these. */
const REACH: Right[] = ["manage_all_sites", "manage_assigned_sites"];

export const router = createBrowserRouter([
  {
    errorElement: <Crashed />,
    // Nothing is drawn while the first page loads: it is quicker than a flash of something.
    hydrateFallbackElement: <></>,
    children: [
      { path: "/setup", lazy: async () => ({ Component: (await import("./features/setup/SetupPage")).SetupPage }) },
      { path: "/sign-in", element: <SignInPage /> },
      { path: "/forgot", lazy: async () => ({ Component: (await import("./features/session/ForgotPage")).ForgotPage }) },
      { path: "/my/sign-in", lazy: async () => ({ Component: (await import("./features/my_account/MySignInPage")).MySignInPage }) },
      { path: "/my/register", lazy: async () => ({ Component: (await import("./features/my_account/MyRegisterPage")).MyRegisterPage }) },
      { path: "/my/forgot", lazy: async () => ({ Component: (await import("./features/my_account/MyForgotPage")).MyForgotPage }) },
      { path: "/my/apply", lazy: async () => ({ Component: (await import("./features/my_sharing/ApplyPage")).ApplyPage }) },
      {
        element: <MyGate><MyShell /></MyGate>,
        children: [
          { path: "/my", element: <Navigate to="/my/sites" replace /> },
          { path: "/my/sites", lazy: async () => ({ Component: (await import("./features/my/MySitesPage")).MySitesPage }) },
          { path: "/my/sites/:siteId", lazy: async () => ({ Component: (await import("./features/my/MySitePage")).MySitePage }) },
          { path: "/my/sites/:siteId/log", lazy: async () => ({ Component: (await import("./features/my/MyLogPage")).MyLogPage }) },
          { path: "/my/devices/:deviceId", lazy: async () => ({ Component: (await import("./features/my/MyDevicePage")).MyDevicePage }) },
          { path: "/my/shared/:deviceId", lazy: async () => ({ Component: (await import("./features/my_view/SharedDevicePage")).SharedDevicePage }) },
          { path: "/my/sharing", lazy: async () => ({ Component: (await import("./features/my_sharing/SharingPage")).SharingPage }) },
          { path: "/my/shared", lazy: async () => ({ Component: (await import("./features/my_sharing/SharedPage")).SharedPage }) },
          { path: "/my/code", lazy: async () => ({ Component: (await import("./features/my_sharing/MyCodePage")).MyCodePage }) },
          { path: "/my/share", lazy: async () => ({ Component: (await import("./features/my_sharing/PersonPage")).PersonPage }) },
          { path: "/my/scan", lazy: async () => ({ Component: (await import("./features/my_devices/ScanPage")).ScanPage }) },
          { path: "/my/unbind", lazy: async () => ({ Component: (await import("./features/my_devices/MyUnbindPage")).MyUnbindPage }) },
          { path: "/my/account", lazy: async () => ({ Component: (await import("./features/my_account/MyAccountPage")).MyAccountPage }) },
          { path: "/my/*", element: <NotFound /> },
        ],
      },
      {
        element: <Gate><Shell /></Gate>,
        children: [
          { path: "/", element: <Navigate to="/sites" replace /> },
          {
            element: <Needs rights={REACH} />,
            children: [
              { path: "/sites", lazy: async () => ({ Component: (await import("./features/sites/SitesPage")).SitesPage }) },
              { path: "/sites/:siteId", lazy: async () => ({ Component: (await import("./features/sites/SitePage")).SitePage }) },
              { path: "/sites/:siteId/linkage", lazy: async () => ({ Component: (await import("./features/linkage/LinkagePage")).LinkagePage }) },
              { path: "/sites/:siteId/links", lazy: async () => ({ Component: (await import("./features/links/LinksPage")).LinksPage }) },
              { path: "/sites/:siteId/found", lazy: async () => ({ Component: (await import("./features/found/FoundPage")).FoundPage }) },
              { path: "/sites/:siteId/unbind", lazy: async () => ({ Component: (await import("./features/unbind/UnbindPage")).UnbindPage }) },
              { path: "/devices/:deviceId", lazy: async () => ({ Component: (await import("./features/devices/DevicePage")).DevicePage }) },
              { path: "/devices/:deviceId/accounts", lazy: async () => ({ Component: (await import("./features/panels/AccountsPage")).AccountsPage }) },
              { path: "/fleet", lazy: async () => ({ Component: (await import("./features/fleet/FleetPage")).FleetPage }) },
              { path: "/fleet/devices", lazy: async () => ({ Component: (await import("./features/fleet/GroupPage")).GroupPage }) },
            ],
          },
          {
            element: <Needs rights={["upgrade_firmware"]} />,
            children: [
              { path: "/firmware", lazy: async () => ({ Component: (await import("./features/upgrades/CataloguePage")).CataloguePage }) },
              { path: "/upgrades", lazy: async () => ({ Component: (await import("./features/upgrades/UpgradesPage")).UpgradesPage }) },
              { path: "/upgrades/:upgradeId", lazy: async () => ({ Component: (await import("./features/upgrades/UpgradePage")).UpgradePage }) },
            ],
          },
          {
            element: <Needs rights={["view_exceptions"]} />,
            children: [
              { path: "/incidents", lazy: async () => ({ Component: (await import("./features/incidents/IncidentsPage")).IncidentsPage }) },
              { path: "/sites/:siteId/report", lazy: async () => ({ Component: (await import("./features/reports/ReportPage")).ReportPage }) },
              { path: "/exceptions", lazy: async () => ({ Component: (await import("./features/exceptions/ExceptionsPage")).ExceptionsPage }) },
            ],
          },
          {
            element: <Needs rights={["handover"]} />,
            children: [
              { path: "/serve/:token", lazy: async () => ({ Component: (await import("./features/custody/ServePage")).ServePage }) },
            ],
          },
          {
            element: <Needs rights={["manage_all_sites"]} />,
            children: [
              { path: "/panel-exits", lazy: async () => ({ Component: (await import("./features/exits/ExitsPage")).ExitsPage }) },
              { path: "/panel-exits/:exitId", lazy: async () => ({ Component: (await import("./features/exits/ExitPage")).ExitPage }) },
            ],
          },
          {
            element: <Needs rights={["manage_staff"]} />,
            children: [
              { path: "/staff", lazy: async () => ({ Component: (await import("./features/staff/StaffPage")).StaffPage }) },
              { path: "/staff/:staffId", lazy: async () => ({ Component: (await import("./features/staff/MemberPage")).MemberPage }) },
            ],
          },
          {
            element: <Needs rights={["manage_roles"]} />,
            children: [
              { path: "/staff/roles", lazy: async () => ({ Component: (await import("./features/roles/RolesPage")).RolesPage }) },
            ],
          },
          {
            element: <Needs />,
            children: [
              { path: "/log", lazy: async () => ({ Component: (await import("./features/company/LogPage")).LogPage }) },
              { path: "/compatibility", lazy: async () => ({ Component: (await import("./features/compatibility/CompatibilityPage")).CompatibilityPage }) },
              { path: "/mail", lazy: async () => ({ Component: (await import("./features/mail/MailPage")).MailPage }) },
            ],
          },
          { path: "/profile", lazy: async () => ({ Component: (await import("./features/profile/ProfilePage")).ProfilePage }) },
          { path: "/company", lazy: async () => ({ Component: (await import("./features/company/CompanyPage")).CompanyPage }) },
          { path: "/webhooks", lazy: async () => ({ Component: (await import("./features/webhooks/WebhooksPage")).WebhooksPage }) },
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
]);
