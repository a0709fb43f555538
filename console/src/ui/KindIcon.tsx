// An icon for what a device is; its word stands beside it or is its label.
import {
  IconAccessPoint, IconDeviceCctv, IconDoor, IconHelpSquareRounded, IconNetwork, IconPhoneCall, IconRouter, IconServer2, IconShieldLock, type Icon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceKind } from "../api/types";

const ICONS: Record<DeviceKind, Icon> = {
  camera: IconDeviceCctv, nvr: IconServer2, dvr: IconServer2, alarm_panel: IconShieldLock, intercom: IconPhoneCall,
  access_control: IconDoor, switch: IconNetwork, router: IconRouter, unknown: IconHelpSquareRounded,
};
export const KINDS = Object.keys(ICONS) as DeviceKind[];

export function KindIcon({ kind }: { kind: DeviceKind }) {
  const { t } = useTranslation();
  const Shown = ICONS[kind] ?? IconAccessPoint;
  return (
    <span className="kind-icon" role="img" aria-label={t(`kind.${kind}`)}>
      <Shown size={24} stroke={1.6} aria-hidden="true" />
    </span>
  );
}
