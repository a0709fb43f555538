import { describe, expect, test } from "vitest";
import type { PanelOfStaff, PanelsOfStaff, RemovedFromPanel, StaffMember } from "../../api/types";
import { RIGHTS } from "../roles/rights";
import { everyPanel, isWhole } from "./memberPanels";
import { actionsOn, mayEdit, mayGiveRole } from "./memberState";

const member = (part: Partial<StaffMember> = {}): StaffMember => ({
  id: "berta", name: "Berta", email: "berta@keller.example", is_admin: false, disabled: false, role: { id: "r", name: "Installer" },
  rights: ["manage_assigned_sites"], language: "en", time_zone: "UTC", two_factor: false, sites: 0, panel_accounts: 0,
  created_at: "2026-01-01T00:00:00Z", last_seen_at: null, ...part,
});
const admin = { id: "anna", is_admin: true, rights: RIGHTS };
const manager = { id: "max", is_admin: false, rights: ["manage_staff", "manage_assigned_sites"] as StaffMember["rights"] };

describe("what may be done with a member of staff", () => {
  test("the Admin disables and deletes anybody but themself", () => {
    expect(actionsOn(member(), admin)).toEqual(["end_sessions", "disable", "delete"]);
    expect(actionsOn(member({ id: "anna", is_admin: true, rights: RIGHTS }), admin)).toEqual([]);
  });

  test("who is disabled is enabled or deleted, and has no sessions to end", () => {
    expect(actionsOn(member({ disabled: true }), admin)).toEqual(["enable", "delete"]);
  });

  test("only the Admin resets a second factor", () => {
    expect(actionsOn(member({ two_factor: true }), admin)).toContain("reset_two_factor");
    expect(actionsOn(member({ two_factor: true }), manager)).not.toContain("reset_two_factor");
  });

  test("a manager of staff leaves those alone who may do more, the Admin above all", () => {
    expect(mayEdit(member(), manager)).toBe(true);
    expect(mayEdit(member({ rights: ["manage_all_sites"] }), manager)).toBe(false);
    expect(mayEdit(member({ is_admin: true, rights: [] }), manager)).toBe(false);
    expect(actionsOn(member({ rights: ["manage_all_sites"] }), manager)).toEqual([]);
  });

  test("nobody gives themself a role, and the Admin has none", () => {
    expect(mayGiveRole(member(), admin)).toBe(true);
    expect(mayGiveRole(member({ id: "max" }), manager)).toBe(false);
    expect(mayGiveRole(member({ is_admin: true, id: "anna" }), admin)).toBe(false);
  });
});

test("both lists of panels are read to their ends, and neither twice", async () => {
  const item = (device_id: string) => ({ device_id }) as PanelOfStaff;
  const gone = (device_id: string) => ({ device_id }) as RemovedFromPanel;
  const pages: Record<string, PanelsOfStaff> = {
    "  ": { items: [item("a")], removed: [gone("x")], next_cursor: "1", next_removed_cursor: "7" },
    "1 7": { items: [item("b")], removed: [gone("y")], next_cursor: null, next_removed_cursor: "8" },
    " 8": { items: [item("a")], removed: [gone("z")], next_cursor: "1", next_removed_cursor: null },
  };
  const whole = await everyPanel("berta", async (_, { cursor, removed_cursor }) => {
    const page = pages[cursor || removed_cursor ? `${cursor ?? ""} ${removed_cursor ?? ""}` : "  "];
    if (!page) throw new Error(`${cursor} ${removed_cursor}`);
    return structuredClone(page);
  });
  expect(whole.items.map(({ device_id }) => device_id)).toEqual(["a", "b"]);
  expect(whole.removed.map(({ device_id }) => device_id)).toEqual(["x", "y", "z"]);
  expect(isWhole(whole)).toBe(true);
});
