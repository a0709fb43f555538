// Where an upgrade, or one of its devices, stands: as icon and word.
import { useTranslation } from "react-i18next";
import type { UpgradeStanding, UpgradeState } from "../../api/types";
import { STANDINGS, STATES } from "./states";

export function StateBadge({ state }: { state: UpgradeState }) {
  const { t } = useTranslation();
  const { Icon, tone } = STATES[state];
  return <span className={`badge tone-${tone}`}><Icon size={16} stroke={2} aria-hidden="true" />{t(`upgrade_state.${state}`)}</span>;
}

export function StandingBadge({ standing }: { standing: UpgradeStanding | "scheduled" }) {
  const { t } = useTranslation();
  const { Icon, tone } = STANDINGS[standing];
  return <span className={`badge tone-${tone}`}><Icon size={16} stroke={2} aria-hidden="true" />{t(`upgrade_standing.${standing}`)}</span>;
}
