// Charges and radio strengths: a number with a picture; low ones with a word. Old ones are grey.
import {
  IconAntennaBars2, IconAntennaBars3, IconAntennaBars4, IconAntennaBars5, IconBattery, IconBattery1, IconBattery2, IconBattery3, IconBattery4,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { State } from "../devices/State";
import { signalPercent } from "./panelState";

const CHARGES = [IconBattery, IconBattery1, IconBattery2, IconBattery3, IconBattery4];
const BARS = [IconAntennaBars2, IconAntennaBars3, IconAntennaBars4, IconAntennaBars5];

export function Battery({ percent, low, fresh }: { percent: number | null; low: boolean | null; fresh: boolean }) {
  const { t } = useTranslation();
  if (percent === null && low === null) return <span className="quiet-text">–</span>;
  const number = percent === null ? "" : t("panel.percent", { n: percent });
  if (low && fresh) return <State tone="faulty" Icon={IconBattery1} text={[t("panel.battery_low"), number].filter(Boolean).join(" · ")} />;
  const Shown = CHARGES[percent === null ? 4 : Math.min(4, Math.round(percent / 25))] ?? IconBattery;
  const text = number || t(low ? "panel.battery_low" : "panel.battery_normal");
  return <span className={`gauge${fresh ? "" : " quiet-text"}`}><Shown size={20} stroke={1.6} aria-hidden="true" />{text}</span>;
}

export function Signal({ value, fresh }: { value: number | null; fresh: boolean }) {
  const { t } = useTranslation();
  if (value === null) return <span className="quiet-text">–</span>;
  const percent = signalPercent(value);
  const Shown = BARS[Math.min(3, Math.floor(percent / 25))] ?? IconAntennaBars2;
  return <span className={`gauge${fresh ? "" : " quiet-text"}`}><Shown size={20} stroke={1.8} aria-hidden="true" />{t("panel.percent", { n: percent })}</span>;
}
