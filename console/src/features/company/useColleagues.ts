// Everybody who could become the Installer Admin.
import { useQuery } from "@tanstack/react-query";
import { everybody } from "../staff/everybody";

export function useColleagues(enabled: boolean) {
  const list = useQuery({ queryKey: ["staff", "everybody"], queryFn: everybody, enabled });
  return { ...list, items: list.data?.filter(({ is_admin, disabled }) => !is_admin && !disabled) ?? [] };
}
