// The alarm panels of a member: the newest of them to look at, all of them to prove something.
import { listMemberPanels } from "../../api/calls";
import type { PanelsOfStaff } from "../../api/types";

/** So many of each list are shown before somebody asks for all. */
export const SHOWN = 20;
const A_PAGE = 100;

export const isWhole = (panels: PanelsOfStaff) => panels.next_cursor === null && panels.next_removed_cursor === null;

/** Both lists to their ends. */
export async function everyPanel(id: string, list = listMemberPanels): Promise<PanelsOfStaff> {
  const whole = await list(id, { limit: A_PAGE });
  let { next_cursor: cursor, next_removed_cursor: removed } = whole;
  while (cursor !== null || removed !== null) {
    const page = await list(id, { limit: A_PAGE, cursor, removed_cursor: removed });
    // A list that has ended begins anew when it is asked without a cursor.
    if (cursor !== null) whole.items.push(...page.items);
    if (removed !== null) whole.removed.push(...page.removed);
    cursor &&= page.next_cursor;
    removed &&= page.next_removed_cursor;
  }
  return { ...whole, next_cursor: null, next_removed_cursor: null };
}
