import { describe, expect, test } from "vitest";
import type { SiteManager, StaffMember } from "../../api/types";
import { chosenMember, chosenOf, updateOf, untilError, zoneOf, type Chosen } from "./managerState";

const ZONE = "Europe/Berlin";
const NOW = Date.parse("2026-05-01T10:00:00Z");
const site = (id: string, time_zone = ZONE) => ({ id, name: id, time_zone });
const manager = (staff_id: string, more: Partial<SiteManager> = {}): SiteManager => (
  { staff_id, name: staff_id, email: "", role: "Installer", expires_at: null, expired: false, disabled: false, because: "manages_site", ...more }
);
const chosen = (staff_id: string, until = ""): Chosen => ({ staff_id, name: staff_id, email: "", role: null, until, idle: null });
const member = (rights: string[], more: Partial<StaffMember> = {}) => ({ id: "m", name: "M", email: "", role: null, is_admin: false, rights, ...more }) as StaffMember;

describe("the managers of a site", () => {
  test("begin with those assigned now; who has every site or has expired is not among them", () => {
    const from = [
      manager("a", { expires_at: "2026-06-01T16:00:00Z" }), manager("b"), manager("c", { expired: true, expires_at: "2026-04-01T00:00:00Z" }),
      manager("d", { because: "admin" }), manager("e", { because: "manages_all_sites" }),
    ];
    expect(chosenOf(from, ZONE).map(({ staff_id, until }) => [staff_id, until])).toEqual([["a", "2026-06-01T18:00"], ["b", ""]]);
  });

  test("whoever manages all sites, or may manage none, is told so when chosen", () => {
    expect(chosenMember(member(["manage_assigned_sites"])).idle).toBeNull();
    expect(chosenMember(member(["manage_all_sites", "manage_assigned_sites"])).idle).toBe("manages_all_sites");
    expect(chosenMember(member([], { is_admin: true })).idle).toBe("manages_all_sites");
    expect(chosenMember(member(["view_exceptions"])).idle).toBe("right_missing");
  });

  test("ends are typed in the zone of the sites, and in one's own where they differ", () => {
    expect(zoneOf([site("1"), site("2")])).toEqual({ zone: ZONE, own: false });
    expect(zoneOf([site("1"), site("2", "Asia/Tokyo")]).own).toBe(true);
  });

  test("an end has to lie ahead", () => {
    expect(untilError("", ZONE, NOW)).toBeNull();
    expect(untilError("2026-05-01T12:01", ZONE, NOW)).toBeNull();
    expect(untilError("2026-05-01T12:00", ZONE, NOW)).toBe("managers.until_past");
    expect(untilError("someday", ZONE, NOW)).toBe("managers.until_wrong");
  });

  test("the request replaces the managers of every chosen site", () => {
    expect(updateOf([chosen("a", "2026-05-02T08:00"), chosen("b")], [site("1"), site("2")], ZONE, NOW)).toEqual({
      site_ids: ["1", "2"],
      managers: [{ staff_id: "a", expires_at: "2026-05-02T06:00:00.000Z" }, { staff_id: "b", expires_at: null }],
    });
    expect(updateOf([], [site("1")], ZONE, NOW)).toEqual({ site_ids: ["1"], managers: [] });
  });

  test("nothing is sent with a wrong end, without sites, or with too many of either", () => {
    expect(updateOf([chosen("a", "2026-04-30T08:00")], [site("1")], ZONE, NOW)).toBeNull();
    expect(updateOf([chosen("a")], [], ZONE, NOW)).toBeNull();
    const many = Array.from({ length: 101 }, (_, index) => String(index));
    expect(updateOf([chosen("a")], many.map((id) => site(id)), ZONE, NOW)).toBeNull();
    expect(updateOf(many.map((id) => chosen(id)), [site("1")], ZONE, NOW)).toBeNull();
  });
});
