// The zones of a panel: how each is, its battery and radio, and leaving it out of the next arming.
import { Button, Text } from "@mantine/core";
import {
  IconAlertTriangle, IconBellRinging, IconCircleCheck, IconDoor, IconEyeOff, IconHelpCircle, IconPlugConnectedX, type Icon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceHealth, PanelStatus, PanelZone } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import type { Fact } from "../devices/facts";
import { Section } from "../devices/Section";
import { State } from "../devices/State";
import { Battery, Signal } from "./Gauges";
import { zoneName, zoneWord, type ZoneWord } from "./panelState";
import type { usePanelControl } from "./usePanel";

const LOOKS: Record<ZoneWord, [DeviceHealth, Icon]> = {
  alarm: ["offline", IconBellRinging], tamper: ["offline", IconAlertTriangle], offline: ["offline", IconPlugConnectedX],
  open: ["faulty", IconDoor], closed: ["healthy", IconCircleCheck], unknown: ["unknown", IconHelpCircle],
};

interface Properties { status: PanelStatus; fact: Fact<unknown>; control: ReturnType<typeof usePanelControl> }

export function ZoneTable({ status, fact, control }: Properties) {
  const { t } = useTranslation();
  const last = control.variables && "zone" in control.variables ? control.variables : null;
  if (!status.zones) return null;
  return (
    <Section title={t("panel.zones")} fact={fact}>
      {status.zones.length === 0 ? <Text c="dimmed">{t("panel.zones_none")}</Text> : (
        <table className="table table-stack parts-table">
          <thead>
            <tr>
              <th scope="col" className="narrow">{t("channel.number")}</th><th scope="col">{t("panel.zone_name")}</th>
              <th scope="col">{t("channel.state")}</th><th scope="col">{t("panel.battery")}</th><th scope="col">{t("panel.signal")}</th>
              <th scope="col" className="zone-bypass">{t("panel.next_arming")}</th>
            </tr>
          </thead>
          <tbody>
            {status.zones.map((zone) => (
              <ZoneRow
                key={zone.id} zone={zone} fresh={fact.fresh} busy={control.isPending && last?.zone === zone.id}
                onBypass={(on) => control.mutate({ kind: on ? "bypass" : "recover", zone: zone.id })}
              />
            ))}
          </tbody>
        </table>
      )}
      <ErrorNote error={last ? control.error : null} />
    </Section>
  );
}

function ZoneRow({ zone, fresh, busy, onBypass }: { zone: PanelZone; fresh: boolean; busy: boolean; onBypass: (on: boolean) => void }) {
  const { t } = useTranslation();
  const word = zoneWord(zone, fresh);
  const [tone, Shown] = LOOKS[word];
  const name = zoneName(t, zone);
  const left = zone.bypassed === true;
  const action = t(left ? "panel.recover" : "panel.bypass");
  return (
    <tr>
      <td className="narrow wide-only">{zone.id + 1}</td>
      <th scope="row">
        {name}
        <span className="quiet-text cell-line">{zone.detector ? t(`panel_detector.${zone.detector}`, { defaultValue: zone.detector }) : null}</span>
      </th>
      <td data-label={t("channel.state")} className="cell-state"><State tone={tone} Icon={Shown} text={t(`panel_zone.${word}`)} detail={zone.state} /></td>
      <td data-label={t("panel.battery")}><Battery percent={zone.battery_percent} low={zone.battery_low} fresh={fresh} /></td>
      <td data-label={t("panel.signal")}><Signal value={zone.signal} fresh={fresh} /></td>
      <td data-label={t("panel.next_arming")} className="zone-bypass">
        <span className="cell-pair">
          {left && fresh ? <State tone="unknown" Icon={IconEyeOff} text={t("panel.bypassed")} /> : null}
          <Button
            variant="default" size="xs" loading={busy} aria-label={t("panel.button", { action, name })} onClick={() => onBypass(!left)}
          >
            {action}
          </Button>
        </span>
      </td>
    </tr>
  );
}
