// How applications to an owner look, and what of one is chosen.
import { IconArrowBackUp, IconCircleCheck, IconCircleDashed, IconHourglass, IconX, type Icon } from "@tabler/icons-react";
import type { Asks, DeviceAsk, GrantRequest, GrantRequestState, RequestedAsks, RequestedDevice, Validity } from "../../api/types";
import { VALIDITIES } from "../handover/handoverState";

type Tone = "healthy" | "faulty" | "offline" | "unknown";

export const LOOKS: Record<GrantRequestState, { Icon: Icon; tone: Tone }> = {
  waiting: { Icon: IconHourglass, tone: "faulty" },
  approved: { Icon: IconCircleCheck, tone: "healthy" },
  refused: { Icon: IconX, tone: "offline" },
  withdrawn: { Icon: IconArrowBackUp, tone: "unknown" },
  void: { Icon: IconCircleDashed, tone: "unknown" },
};

/** The validities that an owner may choose instead of the one that was asked for. */
export function within(asked: Validity): Validity[] {
  return VALIDITIES.slice(0, VALIDITIES.indexOf(asked) + 1);
}

/** What an owner ticked of an application: the site, and a validity or nothing for each device permission. */
export interface Answer { site: boolean; devices: (Validity | null)[] }

/** Everything that was asked for. */
export function everything(asks: RequestedAsks): Answer {
  return { site: asks.site, devices: asks.devices.map(({ validity }) => validity) };
}

/** Whether something is ticked; what has nothing to tick is approved as it is. */
export function isSomething(answer: Answer, asks: RequestedAsks): boolean {
  const needless = !asks.site && asks.devices.length === 0;
  return needless || answer.site || answer.devices.some(Boolean);
}

/** As the API takes it. */
export function grantedOf(answer: Answer, asks: RequestedAsks): Asks {
  const devices = asks.devices.flatMap(({ device_id, permission }: RequestedDevice, index): DeviceAsk[] => {
    const validity = answer.devices[index];
    return validity ? [{ device_id, permission, validity }] : [];
  });
  return { site: answer.site, devices };
}

/** Whether an owner let less of it than was asked for. */
export function isNarrowed({ asks, granted }: GrantRequest): boolean {
  return granted !== null && JSON.stringify(asks) !== JSON.stringify(granted);
}
