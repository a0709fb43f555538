// Everybody who could become the Installer Admin.
import { useQuery } from "@tanstack/react-query";
import { listStaff } from "../../api/calls";
import type { Member } from "../../api/people";

/** More are not offered: the list is read in pages of a hundred. */
const MOST = 500;

export function useColleagues(enabled: boolean) {
  const list = useQuery({ queryKey: ["staff", "colleagues"], queryFn: everybody, enabled });
  return { ...list, items: list.data?.filter(({ is_admin, disabled }) => !is_admin && !disabled) ?? [] };
}

async function everybody(): Promise<Member[]> {
  const found: Member[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listStaff>> = await listStaff({ limit: 100, cursor });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && found.length < MOST);
  return found;
}
