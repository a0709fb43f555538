// The state of a part of a device, as icon and word.
import type { Icon as IconType } from "@tabler/icons-react";
import type { DeviceHealth } from "../../api/types";

interface Properties { tone: DeviceHealth; Icon: IconType; text: string; detail?: string | null }

export function State({ tone, Icon, text, detail }: Properties) {
  return (
    <span className={`badge tone-${tone}`} title={detail ?? undefined}>
      <Icon size={15} stroke={2} aria-hidden="true" />
      {text}
    </span>
  );
}
