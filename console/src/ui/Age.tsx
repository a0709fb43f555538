// How old a measurement is; the exact instant in a tooltip and for screen readers.
import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { formatAge, formatInstant, secondsSince } from "../texts/times";
import { useNow } from "./useNow";

export function Age({ at, fresh = true }: { at: string | null; fresh?: boolean }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  if (!at) return <span className="age">{t("age.never")}</span>;
  const text = t("age.measured", { age: formatAge(secondsSince(at, now), t) });
  return (
    <Tooltip label={formatInstant(at, i18n.language)} withArrow>
      <time dateTime={at} className="age">{fresh ? text : `${text} · ${t("age.stale")}`}</time>
    </Tooltip>
  );
}
