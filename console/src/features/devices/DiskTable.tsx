// The disks of a device and how each is.
import { Stack } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconHelpCircle, IconLoader, IconSquareDashed, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Disk, DiskSmart } from "../../api/facts";
import type { DeviceHealth } from "../../api/types";
import { formatCapacity } from "./capacity";
import { factOf, type Known } from "./facts";
import { Section } from "./Section";
import { State } from "./State";
import { DiskCheck } from "./DiskCheck";

const LOOKS: Record<Disk["state"], [DeviceHealth, Icon]> = {
  ok: ["healthy", IconCircleCheck], error: ["offline", IconCircleX], unformatted: ["faulty", IconCircleX],
  working: ["unknown", IconLoader], empty: ["unknown", IconSquareDashed], unknown: ["unknown", IconHelpCircle],
};

export function DiskTable({ device }: { device: Known }) {
  const { t, i18n } = useTranslation();
  const fact = factOf<Disk[]>(device, "disks");
  if (!fact || fact.value.length === 0) return null;
  const checks = factOf<DiskSmart[]>(device, "smart");
  const size = (mb: number | null) => (mb === null ? "–" : formatCapacity(mb, t, i18n.language));
  return (
    <Section title={t("fact.disks")} fact={fact}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("disk.name")}</th><th scope="col">{t("disk.state")}</th>
            <th scope="col" className="number">{t("disk.capacity")}</th><th scope="col" className="number wide-only">{t("disk.free")}</th>
          </tr>
        </thead>
        <tbody>
          {fact.value.map((disk) => {
            const [tone, Icon] = fact.fresh ? LOOKS[disk.state] : LOOKS.unknown;
            return (
              <tr key={`${disk.kind}/${disk.id}`}>
                <th scope="row">{disk.name || disk.id} <span className="quiet-text">{disk.kind}</span></th>
                <td>
                  <Stack gap={4} align="flex-start">
                    <State tone={tone} Icon={Icon} text={t(`disk.${fact.fresh ? disk.state : "unknown"}`)} detail={disk.raw_state} />
                    {checks ? <DiskCheck check={checks.value.find((check) => check.id === disk.id)} fresh={checks.fresh} /> : null}
                  </Stack>
                </td>
                <td className="number">{size(disk.capacity_mb)}</td>
                <td className="number wide-only">{size(disk.free_mb)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Section>
  );
}
