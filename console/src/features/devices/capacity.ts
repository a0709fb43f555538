// Disk sizes: devices tell MB.
import type { Translate } from "../../texts/times";

export function formatCapacity(megabytes: number, t: Translate, language: string): string {
  const gigabytes = megabytes / 1024;
  const number = (value: number, digits: number) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  return gigabytes >= 1000 ? t("disk.tb", { n: number(gigabytes / 1024, 1) }) : t("disk.gb", { n: number(gigabytes, gigabytes < 10 ? 1 : 0) });
}
