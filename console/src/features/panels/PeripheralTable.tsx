// What else is on a panel's radio or bus: sirens, keypads, relays, repeaters.
import { IconAlertTriangle, IconCircleCheck, IconHelpCircle, IconPlugConnectedX, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceHealth, PanelPeripheral, PanelStatus } from "../../api/types";
import type { Fact } from "../devices/facts";
import { Section } from "../devices/Section";
import { State } from "../devices/State";
import { Battery, Signal } from "./Gauges";

type Word = "tamper" | "offline" | "online" | "unknown";
const LOOKS: Record<Word, [DeviceHealth, Icon]> = {
  tamper: ["offline", IconAlertTriangle], offline: ["offline", IconPlugConnectedX], online: ["healthy", IconCircleCheck],
  unknown: ["unknown", IconHelpCircle],
};

function wordOf({ tamper, offline }: PanelPeripheral, fresh: boolean): Word {
  if (!fresh || (offline === null && !tamper)) return "unknown";
  if (tamper) return "tamper";
  return offline ? "offline" : "online";
}

export function PeripheralTable({ status, fact }: { status: PanelStatus; fact: Fact<unknown> }) {
  const { t } = useTranslation();
  if (!status.peripherals || status.peripherals.length === 0) return null;
  return (
    <Section title={t("panel.peripherals")} fact={fact}>
      <table className="table table-stack parts-table">
        <thead>
          <tr>
            <th scope="col">{t("panel.zone_name")}</th><th scope="col">{t("channel.state")}</th>
            <th scope="col">{t("panel.battery")}</th><th scope="col">{t("panel.signal")}</th>
          </tr>
        </thead>
        <tbody>
          {status.peripherals.map((one) => {
            const word = wordOf(one, fact.fresh);
            const [tone, Shown] = LOOKS[word];
            const kind = t(`panel_peripheral.${one.kind}`, { defaultValue: one.kind });
            return (
              <tr key={`${one.kind}/${one.id}`}>
                <th scope="row">{one.name.trim() || `${kind} ${one.id}`}<span className="quiet-text cell-line">{kind}</span></th>
                <td data-label={t("channel.state")} className="cell-state"><State tone={tone} Icon={Shown} text={t(`panel_zone.${word}`)} detail={one.state} /></td>
                <td data-label={t("panel.battery")}><Battery percent={one.battery_percent} low={one.battery_low} fresh={fact.fresh} /></td>
                <td data-label={t("panel.signal")}><Signal value={one.signal} fresh={fact.fresh} /></td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Section>
  );
}
