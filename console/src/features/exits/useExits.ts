// The exits of the company's panels; only who manages all sites may see them.
import { useQuery } from "@tanstack/react-query";
import { listPanelExits } from "../../api/calls";
import { useMay } from "../session/session";

/** While something is being taken off, it is asked for so often, in milliseconds. */
const RUNNING = 5_000;

export function useRecentExits(poll: number | false) {
  const may = useMay()("manage_all_sites");
  return useQuery({
    queryKey: ["panel_exits", "recent"], queryFn: () => listPanelExits({ limit: 50 }), enabled: may,
    refetchInterval: ({ state }) => (state.data?.items.some((exit) => exit.state === "running") ? RUNNING : poll),
  });
}
