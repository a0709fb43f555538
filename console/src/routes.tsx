// Every address of the console. The pages after sign-in are loaded when first opened.
import { createBrowserRouter, Navigate } from "react-router";
import { SignInPage } from "./features/session/SignInPage";
import { Crashed, NotFound } from "./shell/Messages";
import { Gate } from "./shell/Gate";
import { Shell } from "./shell/Shell";

export const router = createBrowserRouter([
  {
    errorElement: <Crashed />,
    // Nothing is drawn while the first page loads: it is quicker than a flash of something.
    hydrateFallbackElement: <></>,
    children: [
      { path: "/setup", lazy: async () => ({ Component: (await import("./features/setup/SetupPage")).SetupPage }) },
      { path: "/sign-in", element: <SignInPage /> },
      {
        element: <Gate><Shell /></Gate>,
        children: [
          { path: "/", element: <Navigate to="/sites" replace /> },
          { path: "/sites", lazy: async () => ({ Component: (await import("./features/sites/SitesPage")).SitesPage }) },
          { path: "/sites/:siteId", lazy: async () => ({ Component: (await import("./features/sites/SitePage")).SitePage }) },
          { path: "/sites/:siteId/links", lazy: async () => ({ Component: (await import("./features/links/LinksPage")).LinksPage }) },
          { path: "/sites/:siteId/found", lazy: async () => ({ Component: (await import("./features/found/FoundPage")).FoundPage }) },
          { path: "/sites/:siteId/unbind", lazy: async () => ({ Component: (await import("./features/unbind/UnbindPage")).UnbindPage }) },
          { path: "/devices/:deviceId", lazy: async () => ({ Component: (await import("./features/devices/DevicePage")).DevicePage }) },
          { path: "/fleet", lazy: async () => ({ Component: (await import("./features/fleet/FleetPage")).FleetPage }) },
          { path: "/fleet/devices", lazy: async () => ({ Component: (await import("./features/fleet/GroupPage")).GroupPage }) },
          { path: "/exceptions", lazy: async () => ({ Component: (await import("./features/exceptions/ExceptionsPage")).ExceptionsPage }) },
          { path: "/log", lazy: async () => ({ Component: (await import("./features/company/LogPage")).LogPage }) },
          { path: "/company", lazy: async () => ({ Component: (await import("./features/company/CompanyPage")).CompanyPage }) },
          { path: "/mail", lazy: async () => ({ Component: (await import("./features/mail/MailPage")).MailPage }) },
          { path: "*", element: <NotFound /> },
        ],
      },
    ],
  },
]);
