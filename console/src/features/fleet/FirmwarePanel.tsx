// What is known of a device's firmware, and what to do about it.
import { Anchor, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types";
import { formatDay } from "../../texts/times";
import { Section } from "../devices/Section";
import { CompatibilityNote } from "./CompatibilityNote";
import { recordAddress } from "./groups";
import { VerdictBadge } from "./VerdictBadge";

/** Whether somebody should do something about it; else it stands further down. */
export function needsAttention({ firmware_verdict, compatibility }: Device): boolean {
  return compatibility !== null || firmware_verdict.verdict === "vulnerable" || firmware_verdict.verdict === "review";
}

export function FirmwarePanel({ device }: { device: Device }) {
  const { t, i18n } = useTranslation();
  const { verdict, cves } = device.firmware_verdict;
  // A router is only knocked at: there is no firmware to tell of.
  if (device.kind === "router" && !device.firmware) return null;
  return (
    <Section title={t("firmware.title")} right={<VerdictBadge verdict={verdict} />}>
      <Text className="wrap">{device.firmware || t("firmware.not_told")}</Text>
      <Text size="sm" c="dimmed" mt={4}>{t(`verdict_text.${verdict}`)}</Text>
      <CompatibilityNote lost={device.compatibility} />
      {cves.length > 0 ? (
        <ul className="line-list">
          {cves.map((cve) => (
            <li className="line" key={cve.id}>
              <div className="grow">
                <Group gap="xs">
                  <Anchor href={recordAddress(cve.id)} target="_blank" rel="noreferrer" className="link">{cve.id}</Anchor>
                  {cves.length > 1 || cve.verdict !== verdict ? <VerdictBadge verdict={cve.verdict} /> : null}
                </Group>
                <Text size="sm" className="wrap" lang="en">{cve.title}</Text>
                {cve.fixed_in && cve.verdict !== "fixed" ? <Text size="sm">{t("firmware.fixed_in", { version: cve.fixed_in })}</Text> : null}
                {cve.exploited_since ? <Text size="sm">{t("firmware.exploited", { at: formatDay(cve.exploited_since, i18n.language) })}</Text> : null}
                <Text size="xs" c="dimmed" className="wrap">{t("firmware.source", { source: cve.source })}</Text>
              </div>
            </li>
          ))}
        </ul>
      ) : null}
    </Section>
  );
}
