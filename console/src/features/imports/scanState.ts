// The steps of the scan dialog, as a pure function of what happened.
import type { Addition, Import, ImportRow, ImportState, Label, Scan } from "../../api/types";

export type Step = "capture" | "password" | "rows" | "progress" | "result" | "expired" | "label";

export interface ScanState { step: Step; import: Import | null; label: Label | null; ticked: ReadonlySet<number> }

export type ScanEvent =
  | { type: "scanned"; scan: Scan }
  | { type: "import_changed"; import: Import }
  | { type: "expired" }
  | { type: "ticked"; index: number; on: boolean }
  | { type: "all_ticked"; on: boolean }
  | { type: "restarted" };

export const START: ScanState = { step: "capture", import: null, label: null, ticked: new Set() };

const STEPS: Record<ImportState, Step> = {
  password_needed: "password", ready: "rows", running: "progress", done: "result", expired: "expired",
};

/** Whether a person may tick the row. */
export function canTick(row: ImportRow): boolean {
  return row.state === "new";
}

/** Whether a row was ticked and confirmed. */
export function wasTicked(row: ImportRow): boolean {
  return ["waiting", "running", "added", "failed"].includes(row.state);
}

export function nextScanState(state: ScanState, event: ScanEvent): ScanState {
  switch (event.type) {
    case "scanned":
      if (event.scan.import) return withImport({ ...START }, event.scan.import);
      return event.scan.label ? { ...START, step: "label", label: event.scan.label } : state;
    case "import_changed":
      return withImport(state, event.import);
    case "expired":
      return { ...state, step: "expired", ticked: new Set() };
    case "ticked":
      return { ...state, ticked: withRow(state, event.index, event.on) };
    case "all_ticked":
      return { ...state, ticked: new Set(event.on ? tickable(state.import) : []) };
    case "restarted":
      return START;
  }
}

function withImport(state: ScanState, found: Import): ScanState {
  // Answers and stream messages can overtake each other: a finished import does not go back.
  if (state.import?.id === found.id && state.import.state === "done" && found.state === "running") return state;
  const step = STEPS[found.state];
  // Every device that can be added is ticked at first: the usual wish.
  const ticked = step === "rows" && state.step !== "rows" ? new Set(tickable(found)) : state.ticked;
  return { ...state, step, import: found, label: null, ticked };
}

function withRow(state: ScanState, index: number, on: boolean): ReadonlySet<number> {
  const row = state.import?.rows.find((candidate) => candidate.index === index);
  const ticked = new Set(state.ticked);
  if (on && row && canTick(row)) ticked.add(index);
  else ticked.delete(index);
  return ticked;
}

function tickable(found: Import | null): number[] {
  return found?.rows.filter(canTick).map((row) => row.index) ?? [];
}

/** The addition that a label has begun: the wizard goes on with it. */
export function begunBy(scan: Scan): Addition | null {
  return scan.import ? null : scan.addition;
}

/** Whether the picture is as good as the passwords of what was added from it, so that these should be changed (R-D2). */
export function offersChange(found: Import): boolean {
  return found.password_change_offered && changeable(found).length > 0;
}

/** The devices that an import has added. */
export function changeable(found: Import): { id: string; name: string }[] {
  return found.rows.flatMap(({ state, device_id, name, host }) => (
    state === "added" && device_id ? [{ id: device_id, name: name || host }] : []
  ));
}
