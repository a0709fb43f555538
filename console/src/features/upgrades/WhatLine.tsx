// What an upgrade installs and on which sites: the first of each by name.
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Upgrade } from "../../api/types";

export function WhatLine({ upgrade: { to_versions, site_names } }: { upgrade: Upgrade }) {
  const { t } = useTranslation();
  const told = ({ first, all }: Upgrade["site_names"]) => {
    const list = first.join(", ");
    return all > first.length ? t("upgrades.among_others", { list }) : list;
  };
  return <Text size="sm" className="wrap">{[told(to_versions), told(site_names)].filter(Boolean).join(" · ")}</Text>;
}
