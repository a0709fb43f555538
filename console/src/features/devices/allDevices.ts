// All devices of a site, page by page.
import { listDevices } from "../../api/calls";
import type { DeviceSummary } from "../../api/types";

/** Pages that are asked for: sites are smaller. */
const MOST_PAGES = 10;

export async function allDevices(siteId: string): Promise<DeviceSummary[]> {
  const devices: DeviceSummary[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found: Awaited<ReturnType<typeof listDevices>> = await listDevices({ site_id: siteId, limit: 100, cursor });
    devices.push(...found.items);
    cursor = found.next_cursor;
    if (!cursor) break;
  }
  return devices;
}
