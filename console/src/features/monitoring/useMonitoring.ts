// Switches the health monitoring of one device.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { setMonitoring } from "../../api/calls";
import type { Device } from "../../api/types";

export function useMonitoring(device: Device) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (on: boolean) => setMonitoring(device.id, { on }),
    onSuccess: (saved) => {
      client.setQueryData(["device", device.id], saved);
      for (const key of ["devices", "site", "sites", "exceptions", "history"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
}
