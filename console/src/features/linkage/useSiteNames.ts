// The devices of a site and the people who can be told, with what they are called.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { listDevices, listLinkageRules } from "../../api/calls";
import type { DeviceSummary } from "../../api/types";
import { deviceName } from "../devices/address";

const AT_ONCE = 100;
/** A site with more devices than this shows the first ones by name. */
const MOST = 500;

async function allDevices(site: string): Promise<DeviceSummary[]> {
  const found: DeviceSummary[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: DeviceSummary[]; next_cursor: string | null } = await listDevices({ site_id: site, limit: AT_ONCE, cursor });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && found.length < MOST);
  return found;
}

export function useSiteNames(site: string, poll: number | false = false) {
  const devices = useQuery({ queryKey: ["linkage_devices", site], queryFn: () => allDevices(site) });
  const rules = useQuery({ queryKey: ["linkage_rules", site], queryFn: () => listLinkageRules(site), refetchInterval: poll });
  const names = useMemo(() => new Map([
    ...(devices.data ?? []).map((device) => [device.id, deviceName(device)] as const),
    ...(rules.data?.receivers ?? []).map(({ id, name }) => [id, name] as const),
  ]), [devices.data, rules.data]);
  return { devices, rules, names };
}
