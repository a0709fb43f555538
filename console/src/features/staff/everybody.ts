// The whole staff at once, for choosing among it.
import { listStaff } from "../../api/calls";
import type { StaffMember } from "../../api/types";

/** More are not offered: the list is read in pages of a hundred. */
const MOST = 500;

export async function everybody(): Promise<StaffMember[]> {
  const found: StaffMember[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listStaff>> = await listStaff({ limit: 100, cursor });
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && found.length < MOST);
  return found;
}
