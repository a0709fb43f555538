import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The server that `npm run dev` passes API calls on to.
const server = process.env.SITEWARD_URL ?? "http://localhost:8080";

export default defineConfig({
  plugins: [react()],
  base: "/",
  build: {
    outDir: "dist",
    // Nothing is inlined as a data address: the content policy allows only our own files.
    assetsInlineLimit: 0,
    // The preload helper would need an inline script in old browsers; all that we support know it.
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": server, "/healthz": server, "/join/": server, "/reset/": server, "/pages/": server } },
});
