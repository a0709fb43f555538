// What an upgrade installs and on which sites, told by its first devices: neither changes once it has begun.
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listUpgradeDevices } from "../../api/calls";
import type { Upgrade } from "../../api/types";
import { firstOf } from "./states";

/** So many devices of each upgrade are asked for. */
const LOOKED_AT = 100;
/** So many firmwares and sites are named. */
const NAMED = 2;

export function WhatLine({ upgrade: { id, devices } }: { upgrade: Upgrade }) {
  const { t } = useTranslation();
  const list = useQuery({ queryKey: ["upgrade contents", id], queryFn: () => listUpgradeDevices({ upgrade: id, limit: LOOKED_AT }), staleTime: Infinity });
  // Room is kept for it, so that nothing jumps.
  if (!list.data) return <Text size="sm" aria-hidden="true">{"\u00a0"}</Text>;
  const { items } = list.data;
  const told = (all: string[]) => {
    const { named, more } = firstOf(all, NAMED);
    return more ? t("upgrades.among_others", { list: named.join(", ") }) : named.join(", ");
  };
  const parts = [
    told(items.map(({ to_version }) => to_version)), told(items.map(({ site_name }) => site_name)),
    items.length < devices.all ? t("upgrades.told_by_first", { n: items.length }) : "",
  ].filter(Boolean);
  return <Text size="sm" className="wrap">{parts.join(" · ")}</Text>;
}
