// One panel's state, and what is done with it: every answer of the panel shows at once.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { armPanel, bypassZone, clearPanelAlarm, disarmPanel, getPanel, recoverZone } from "../../api/calls";
import type { Panel } from "../../api/types";

export type Control =
  | { kind: "away" | "stay"; area: number | null; bypass?: number[] }
  | { kind: "disarm" | "clear_alarm"; area: number | null }
  | { kind: "bypass" | "recover"; zone: number };

export function usePanel(deviceId: string, poll: number | false) {
  return useQuery({ queryKey: ["panel", deviceId], queryFn: () => getPanel(deviceId), refetchInterval: poll });
}

export function usePanelControl(deviceId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (control: Control) => run(deviceId, control),
    onSuccess: (panel) => client.setQueryData(["panel", deviceId], panel),
    // A refusal may have changed something, too: of two zones one may be left out.
    onError: () => void client.invalidateQueries({ queryKey: ["panel", deviceId] }),
  });
}

async function run(deviceId: string, control: Control): Promise<Panel> {
  switch (control.kind) {
    case "away":
    case "stay":
      for (const zone of control.bypass ?? []) await bypassZone(deviceId, zone);
      return armPanel(deviceId, control.area, control.kind);
    case "disarm": return disarmPanel(deviceId, control.area);
    case "clear_alarm": return clearPanelAlarm(deviceId, control.area);
    case "bypass": return bypassZone(deviceId, control.zone);
    case "recover": return recoverZone(deviceId, control.zone);
  }
}
