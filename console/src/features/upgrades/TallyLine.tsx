// How many devices of an upgrade stand where, in words.
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Upgrade } from "../../api/types";

export function TallyLine({ upgrade: { devices } }: { upgrade: Upgrade }) {
  const { t } = useTranslation();
  const parts = [
    devices.under_way > 0 ? t("upgrades.under_way", { count: devices.under_way }) : null,
    devices.waiting > 0 ? t("upgrades.waiting", { count: devices.waiting }) : null,
    devices.failed > 0 ? t("upgrades.failed", { count: devices.failed }) : null,
    devices.got_worse > 0 ? t("upgrades.worse", { count: devices.got_worse }) : null,
  ].filter(Boolean);
  return parts.length > 0 ? <Text size="sm" className="wrap">{parts.join(" · ")}</Text> : null;
}
