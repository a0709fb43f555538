// The log names a call by method and route; people read what it does.

const KEYS: Record<string, string> = {
  "/setup": "setup",
  "/session": "session",
  "/company": "company",
  "/sites": "sites",
  "/sites/{site_id}": "site",
  "/sites/{site_id}/scans": "scans",
  "/sites/{site_id}/devices": "devices",
  "/imports/{import_id}/password": "import_password",
  "/imports/{import_id}/confirm": "import_confirm",
  "/devices/{device_id}": "device",
  "/devices/{device_id}/check": "device_check",
  "/devices/{device_id}/certificate": "device_certificate",
};

/** The key of a call's text, such as `post_sites` for `POST /sites`. */
export function actionKey(call: string): string {
  const [method = "", route = ""] = call.split(" ");
  return `${method.toLowerCase()}_${KEYS[route] ?? "unknown"}`;
}
