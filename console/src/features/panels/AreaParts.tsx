// An area's name and state, and its buttons.
import { Button, Group, Text } from "@mantine/core";
import {
  IconBellRinging, IconBellX, IconHelpCircle, IconHome, IconHomeOff, IconHourglass, IconLockOpen, IconShieldCheck, type Icon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceHealth, PanelArea } from "../../api/types";
import { State } from "../devices/State";
import { areaName, armWord, type AreaButton, type ArmWord } from "./panelState";

/** Armed and disarmed may both be as wanted: disarmed is no fault, only grey. */
const LOOKS: Record<ArmWord, [DeviceHealth, Icon]> = {
  away: ["healthy", IconShieldCheck], stay: ["healthy", IconHome], arming: ["faulty", IconHourglass], disarmed: ["unknown", IconLockOpen],
  other: ["unknown", IconHelpCircle], unknown: ["unknown", IconHelpCircle],
};
const ICONS: Record<AreaButton, Icon> = { away: IconShieldCheck, stay: IconHome, disarm: IconHomeOff, clear_alarm: IconBellX };

export function AreaHead({ area, fresh }: { area: PanelArea; fresh: boolean }) {
  const { t } = useTranslation();
  const word = armWord(area, fresh);
  const [tone, Shown] = LOOKS[word];
  return (
    <div className="area-head">
      <Text fw={600} className="wrap">{areaName(t, area)}</Text>
      <Group gap={8}>
        {area.alarm === true && fresh ? <State tone="offline" Icon={IconBellRinging} text={t("panel.in_alarm")} /> : null}
        <State tone={tone} Icon={Shown} text={word === "other" ? String(area.arm) : t(`panel_arm.${word}`)} />
      </Group>
    </div>
  );
}

interface Properties { name: string; buttons: AreaButton[]; busy: string | null; onPress: (button: AreaButton) => void }

export function AreaButtons({ name, buttons, busy, onPress }: Properties) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" className="area-buttons">
      {buttons.map((button) => {
        const Shown = ICONS[button];
        return (
          <Button
            key={button} variant="default" size="sm" loading={busy === button} leftSection={<Shown size={18} aria-hidden="true" />}
            aria-label={t("panel.button", { action: t(`panel.${button}`), name })} onClick={() => onPress(button)}
          >
            {t(`panel.${button}`)}
          </Button>
        );
      })}
    </Group>
  );
}
