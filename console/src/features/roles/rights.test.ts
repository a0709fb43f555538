import { expect, test } from "vitest";
import type { Right } from "../../api/types";
import en from "../../texts/en.json";
import { lacking, RIGHTS, rightsText } from "./rights";

const t = (key: string) => key.replace("right.", "");

test("every right has a name and a sentence", () => {
  for (const right of RIGHTS) {
    expect(right in en.right, right).toBe(true);
    expect(right in en.right_text, right).toBe(true);
  }
});

test("rights are told the furthest reaching first, and none twice", () => {
  expect(rightsText(["view_exceptions", "manage_assigned_sites"], t)).toBe("manage_assigned_sites · view_exceptions");
  expect(rightsText(["manage_assigned_sites", "manage_all_sites"], t)).toBe("manage_all_sites");
  expect(rightsText([], t)).toBe("none");
  expect(rightsText([...RIGHTS].reverse(), t)).toBe("all");
});

test("nobody gives a right that they lack", () => {
  const held: Right[] = ["manage_staff", "manage_assigned_sites"];
  expect(lacking(["manage_assigned_sites", "manage_roles"], held)).toEqual(["manage_roles"]);
  expect(lacking(held, held)).toEqual([]);
});
