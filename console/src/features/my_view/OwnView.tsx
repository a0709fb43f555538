// The part of an owner's page of a device that shows it in use.
import { useQuery } from "@tanstack/react-query";
import { listMyChannels } from "../../api/calls";
import { DeviceView } from "./DeviceView";

export function OwnView({ deviceId }: { deviceId: string }) {
  const view = useQuery({ queryKey: ["my channels", deviceId], queryFn: () => listMyChannels(deviceId) });
  return view.data ? <DeviceView view={view.data} /> : null;
}
