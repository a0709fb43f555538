// Why nobody watches a device, as icon and word; nothing where somebody does.
import { IconEyeOff, IconVersionsOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Monitoring } from "../../api/types";

export function UnwatchedBadge({ monitoring }: { monitoring: Monitoring }) {
  const { t } = useTranslation();
  const because = monitoring.unwatched_because;
  if (!because) return null;
  const Icon = because === "monitoring_off" ? IconEyeOff : IconVersionsOff;
  return (
    <span className="badge tone-unknown">
      <Icon size={16} stroke={2} aria-hidden="true" />
      {t(`monitoring.${because}`)}
    </span>
  );
}
