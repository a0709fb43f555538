import { describe, expect, test } from "vitest";
import type { Addition, Import, ImportRow, ImportState } from "../../api/types";
import { begunBy, changeable, nextScanState, offersChange, START, type ScanEvent, type ScanState } from "./scanState";

function row(index: number, state: ImportRow["state"]): ImportRow {
  return { index, name: `Device ${index}`, host: "10.0.0.1", port: 8000, user_name: "admin", state, reason: null, other_site: null, device_id: null, found: null, serial: null, access: "direct" };
}

function found(state: ImportState, rows: ImportRow[] = [row(0, "new"), row(1, "on_this_site"), row(2, "new")]): Import {
  const counts = { total: rows.length, ticked: 0, waiting: 0, running: 0, added: 0, failed: 0 };
  return { id: "i1", site_id: "s1", state, qr_created_at: null, age_days: null, older_than_limit: false, expires_at: "", rows, counts, kind: "vendor_export", weak: true, password_change_offered: true };
}

function after(...events: ScanEvent[]): ScanState {
  return events.reduce(nextScanState, START);
}

const scanned = (state: ImportState): ScanEvent => ({ type: "scanned", scan: { kind: "device_export", import: found(state), label: null, addition: null } });

describe("the scan dialog", () => {
  test("a code with a password asks for it, and then lists its rows", () => {
    expect(after(scanned("password_needed")).step).toBe("password");
    expect(after(scanned("password_needed"), { type: "import_changed", import: found("ready") }).step).toBe("rows");
  });

  test("every row that can be added is ticked at first, and no other", () => {
    expect([...after(scanned("ready")).ticked]).toEqual([0, 2]);
  });

  test("a row that cannot be added cannot be ticked", () => {
    const state = after(scanned("ready"), { type: "ticked", index: 1, on: true }, { type: "ticked", index: 0, on: false });
    expect([...state.ticked]).toEqual([2]);
  });

  test("all can be unticked and ticked again", () => {
    expect(after(scanned("ready"), { type: "all_ticked", on: false }).ticked.size).toBe(0);
    expect(after(scanned("ready"), { type: "all_ticked", on: false }, { type: "all_ticked", on: true }).ticked.size).toBe(2);
  });

  test("ticks survive a refreshed list", () => {
    const state = after(scanned("ready"), { type: "ticked", index: 0, on: false }, { type: "import_changed", import: found("ready") });
    expect([...state.ticked]).toEqual([2]);
  });

  test("a confirmed import runs and ends", () => {
    expect(after(scanned("ready"), { type: "import_changed", import: found("running") }).step).toBe("progress");
    expect(after(scanned("ready"), { type: "import_changed", import: found("done") }).step).toBe("result");
  });

  test("a late message does not take a finished import back", () => {
    const events: ScanEvent[] = [scanned("running"), { type: "import_changed", import: found("done") }, { type: "import_changed", import: found("running") }];
    expect(after(...events).step).toBe("result");
  });

  test("a label leads to its own step", () => {
    const label = { serial: "123456789", long_serial: null, model: "DS-2CD1", has_verification_code: true };
    expect(after({ type: "scanned", scan: { kind: "label", import: null, label, addition: null } })).toMatchObject({ step: "label", label });
  });

  test("an expired import says so, and scanning starts over", () => {
    expect(after(scanned("ready"), { type: "expired" }).step).toBe("expired");
    expect(after(scanned("ready"), { type: "expired" }, { type: "restarted" })).toEqual(START);
  });
});

describe("after an import", () => {
  const added = { ...row(0, "added"), device_id: "d0" };
  test("changing the passwords is offered for what was added from a weak code", () => {
    const done = found("done", [added, row(1, "failed")]);
    expect(offersChange(done)).toBe(true);
    expect(changeable(done)).toEqual([{ id: "d0", name: "Device 0" }]);
    expect(offersChange({ ...done, password_change_offered: false })).toBe(false);
    expect(offersChange(found("done", [row(1, "failed")]))).toBe(false);
  });
});

test("a label that began an addition goes on with it", () => {
  const addition = { id: "a1" } as Addition;
  const label = { serial: "123456789", long_serial: null, model: null, has_verification_code: true };
  expect(begunBy({ kind: "label", import: null, label, addition })).toBe(addition);
  expect(begunBy({ kind: "device_export", import: found("ready"), label: null, addition: null })).toBeNull();
});
