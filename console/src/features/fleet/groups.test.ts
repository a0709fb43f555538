import { expect, test } from "vitest";
import type { FleetGroup } from "../../api/types";
import { groupAddress, recordAddress, shownGroups } from "./groups";

const VERDICTS = ["vulnerable", "review", "unknown", "fixed", "not_listed"];
const group = (changes: Partial<FleetGroup>): FleetGroup => ({
  kind: "camera", model: "DS-2CD2146G2-ISU", firmware: "V5.5.150 build 210120", devices: 1, verdict: "not_listed",
  cves: [], compatibility: null, ...changes,
});
const all = { search: "", kind: null, verdict: null };

test("the worst comes first and among equals the most", () => {
  const groups = [
    group({ firmware: "a", devices: 9 }), group({ firmware: "b", verdict: "vulnerable", devices: 2 }),
    group({ firmware: "c", verdict: "vulnerable", devices: 7 }),
  ];
  expect(shownGroups(groups, all, VERDICTS).map(({ firmware }) => firmware)).toEqual(["c", "b", "a"]);
});

test("a router of which no firmware is known is no group", () => {
  const router = group({ kind: "router", model: "", firmware: "", verdict: "unknown" });
  expect(shownGroups([router, group({ kind: "router", model: "R1" })], all, VERDICTS).map(({ model }) => model)).toEqual(["R1"]);
});

test("every word must be in model, firmware or CVE", () => {
  const groups = [group({ cves: ["CVE-2021-36260"] }), group({ model: "DS-7608NI-K2/8P", kind: "nvr" })];
  expect(shownGroups(groups, { ...all, search: "cve-2021 2146" }, VERDICTS)).toHaveLength(1);
  expect(shownGroups(groups, { ...all, search: "2146 k2" }, VERDICTS)).toHaveLength(0);
  expect(shownGroups(groups, { ...all, kind: "nvr" }, VERDICTS)).toHaveLength(1);
  expect(shownGroups(groups, { ...all, verdict: "vulnerable" }, VERDICTS)).toHaveLength(0);
});

test("addresses carry what they are given", () => {
  const address = groupAddress(group({ model: "DS-7608NI-K2/8P & more" }));
  expect(new URLSearchParams(address.split("?")[1]).get("model")).toBe("DS-7608NI-K2/8P & more");
  expect(recordAddress("CVE-2021-36260")).toBe("https://www.cve.org/CVERecord?id=CVE-2021-36260");
});
