// Figures of a report in words.
import type { Translate } from "../../texts/times";

/** A part of time in percent, with as many decimals as matter to a contract. */
export function percentText(percent: number | null, t: Translate, language: string): string {
  if (percent === null) return "–";
  return t("chart.percent", { value: percent.toLocaleString(language, { minimumFractionDigits: 3, maximumFractionDigits: 3 }) });
}
