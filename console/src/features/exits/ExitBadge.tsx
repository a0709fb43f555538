// Where a panel's leaving of the platform stands.
import { IconArrowBackUp, IconCircleCheck, IconCircleX, IconHourglass, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { PanelExitState } from "../../api/types";
import { State } from "../devices/State";
import { TONES } from "./exitState";

const ICONS: Record<PanelExitState, Icon> = { running: IconHourglass, clean: IconCircleCheck, given_up: IconCircleX, superseded: IconArrowBackUp };

export function ExitBadge({ state }: { state: PanelExitState }) {
  const { t } = useTranslation();
  return <State tone={TONES[state]} Icon={ICONS[state]} text={t(`exit_state.${state}`)} />;
}
