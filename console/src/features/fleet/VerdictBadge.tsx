// What is known of a firmware, as icon and word. There is no word for "safe".
import { IconBug, IconCircleCheck, IconEyeQuestion, IconHelpCircle, IconListSearch, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Verdict } from "../../api/types";

const SHOWN: Record<Verdict, { Icon: Icon; tone: string }> = {
  vulnerable: { Icon: IconBug, tone: "offline" },
  review: { Icon: IconEyeQuestion, tone: "faulty" },
  unknown: { Icon: IconHelpCircle, tone: "unknown" },
  fixed: { Icon: IconCircleCheck, tone: "healthy" },
  not_listed: { Icon: IconListSearch, tone: "unknown" },
};
export const VERDICTS = Object.keys(SHOWN) as Verdict[];

export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation();
  const { Icon, tone } = SHOWN[verdict];
  return (
    <span className={`badge tone-${tone}`}>
      <Icon size={16} stroke={2} aria-hidden="true" />
      {t(`verdict.${verdict}`)}
    </span>
  );
}
