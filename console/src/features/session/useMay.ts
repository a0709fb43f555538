// What the person may do: pages offer nothing that the server would refuse.
import type { Right } from "../../api/types";
import { useSession } from "./session";

/** Whether the role of whoever is signed in has a right; the Installer Admin has every one. */
export function useMay(right: Right): boolean {
  const { staff } = useSession();
  return staff.is_admin || staff.rights.includes(right);
}
