// What a disk's own check says, with how warm it is and for how long it has been running.
import { IconCircleCheck, IconCircleX, IconHelpCircle, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DiskSmart } from "../../api/facts";
import type { DeviceHealth } from "../../api/types";
import { State } from "./State";

const LOOKS: Record<DiskSmart["state"], [DeviceHealth, Icon]> = {
  good: ["healthy", IconCircleCheck], failing: ["offline", IconCircleX], unknown: ["unknown", IconHelpCircle],
};

export function DiskCheck({ check, fresh }: { check: DiskSmart | undefined; fresh: boolean }) {
  const { t } = useTranslation();
  if (!check) return null;
  const state = fresh ? check.state : "unknown";
  const [tone, Icon] = LOOKS[state];
  const told = [
    check.temperature_celsius === null ? null : t("disk.celsius", { degrees: check.temperature_celsius }),
    check.powered_on_days === null ? null : t("disk.days", { days: check.powered_on_days }),
  ].filter(Boolean);
  return (
    <>
      <State tone={tone} Icon={Icon} text={t(`disk.check_${state}`)} detail={check.raw_state} />
      {fresh && told.length > 0 ? <span className="quiet-text">{told.join(" · ")}</span> : null}
    </>
  );
}
