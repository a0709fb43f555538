// The state of an addition as icon and word.
import {
  IconCircleCheck, IconCloudOff, IconCloudSearch, IconForbid, IconHelpCircle, IconKey, IconKeyOff, IconMapPin, IconPlugConnectedX,
  IconRosetteDiscountCheck, IconVersions, type Icon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AddState } from "../../api/types";
import { toneOf } from "./additionState";

const ICONS: Record<AddState, Icon> = {
  unknown: IconHelpCircle, offline: IconPlugConnectedX, not_activated: IconKey, service_disabled: IconCloudOff,
  waiting_for_registration: IconCloudSearch, login_needed: IconKey, login_refused: IconKeyOff, wrong_verification_code: IconKeyOff,
  firmware_too_old: IconVersions, on_this_site: IconCircleCheck, on_other_site: IconMapPin, someone_elses: IconForbid,
  ready: IconRosetteDiscountCheck, added: IconCircleCheck, failed: IconPlugConnectedX,
};

export function AddStateBadge({ state }: { state: AddState }) {
  const { t } = useTranslation();
  const Shown = ICONS[state] ?? IconHelpCircle;
  return (
    <span className={`badge tone-${toneOf(state)}`}>
      <Shown size={15} stroke={2} aria-hidden="true" />
      {t(`add_state.${state}`)}
    </span>
  );
}
