// Mains, batteries, the panel's case and its ways to the outside. What it did not tell is left out.
import {
  IconAntenna, IconBattery4, IconBox, IconCircleCheck, IconCircleX, IconHelpCircle, IconMinus, IconNetwork, IconPlug, IconWifi, type Icon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceHealth, PanelBattery, PanelLinks, PanelStatus } from "../../api/types";
import type { Fact } from "../devices/facts";
import { Section } from "../devices/Section";
import { State } from "../devices/State";
import { toneOf } from "./panelState";

interface Line { key: string; Icon: Icon; name: string; tone: DeviceHealth; text: string }

const SIGNS: Partial<Record<DeviceHealth, Icon>> = { healthy: IconCircleCheck, offline: IconCircleX, faulty: IconCircleX, unknown: IconHelpCircle };
const LINKS: [keyof PanelLinks, Icon][] = [["cable", IconNetwork], ["wifi", IconWifi], ["cellular", IconAntenna]];
const LOW = 20;

export function PowerPanel({ status, fact }: { status: PanelStatus; fact: Fact<unknown> }) {
  const { t } = useTranslation();
  const { fresh } = fact;
  const told = (key: string, Shown: Icon, good: boolean | null, words: [good: string, bad: string]): Line[] => (good === null ? [] : [
    { key, Icon: Shown, name: t(`panel.${key}`), tone: toneOf(good, fresh), text: t(!fresh ? "health.unknown" : good ? words[0] : words[1]) },
  ]);
  const lines: Line[] = [
    ...told("mains", IconPlug, status.mains, ["panel.mains_on", "panel.mains_off"]),
    ...(status.batteries ?? []).map((battery, index) => batteryLine(battery, index)),
    ...told("case", IconBox, status.tamper === null ? null : !status.tamper, ["panel.case_closed", "panel.case_open"]),
    ...LINKS.flatMap(([key, Shown]) => linkLine(key, Shown, status.links?.[key] ?? null)),
  ];
  function batteryLine({ percent, state }: PanelBattery, index: number): Line {
    const missing = state?.toLowerCase() === "miss";
    const normal = state?.toLowerCase() === "normal";
    const weak = percent !== null && percent < LOW;
    const text = !fresh ? t("health.unknown") : missing ? t("panel.battery_missing") : percent === null ? (state ?? t("health.unknown")) : t("panel.percent", { n: percent });
    const tone = toneOf(missing ? false : percent === null && !normal ? null : !weak, fresh, missing ? "offline" : "faulty");
    const name = (status.batteries?.length ?? 0) > 1 ? t("panel.battery_n", { n: index + 1 }) : t("panel.battery");
    return { key: `battery${index}`, Icon: IconBattery4, name, tone, text: fresh && normal && percent === null ? t("panel.battery_normal") : text };
  }
  function linkLine(key: keyof PanelLinks, Shown: Icon, state: PanelLinks["cable"]): Line[] {
    if (state === null) return [];
    const name = t(`panel.link_${key}`);
    // Not every way out is used: one that is not there is no fault.
    if (state === "absent" && fresh) return [{ key, Icon: Shown, name, tone: "unknown", text: t("panel.link_absent") }];
    const known = state === "up" || state === "down";
    const text = !fresh ? t("health.unknown") : known ? t(`panel.link_${state}`) : state;
    return [{ key, Icon: Shown, name, tone: known ? toneOf(state === "up", fresh) : "unknown", text }];
  }
  if (lines.length === 0) return null;
  return (
    <Section title={t("panel.power")} fact={fact}>
      <dl className="part-grid">
        {lines.map(({ key, Icon: Shown, name, tone, text }) => (
          <div key={key} className="part">
            <dt><Shown size={20} stroke={1.6} aria-hidden="true" />{name}</dt>
            <dd><State tone={tone} Icon={text === t("panel.link_absent") ? IconMinus : SIGNS[tone] ?? IconHelpCircle} text={text} /></dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
