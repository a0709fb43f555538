// Accounts on a panel in words: in which order, in which tone, and what a state means for the person.
import type { DeviceHealth, PanelAccount, PanelAccountState, PanelAccountsState } from "../../api/types";

export const TONES: Record<PanelAccountState, DeviceHealth> = {
  there: "healthy", adding: "unknown", waiting_for_sign_in: "login_failed", refused: "offline", removing: "faulty", unexpected: "offline",
};

/** The key of the sentence that says what a state means. */
export function meaningKey(account: PanelAccount): string {
  if (account.state === "there" && account.password !== "own") return "account_means.there_otherwise";
  return `account_means.${account.state}`;
}

/** Those whom nobody gave an account come first and apart: they need a person. */
export function sorted(items: PanelAccount[]): { unexpected: PanelAccount[]; people: PanelAccount[] } {
  return {
    unexpected: items.filter(({ state }) => state === "unexpected"),
    people: items.filter(({ state }) => state !== "unexpected"),
  };
}

/** Whether everything is as it should be: compared, and nothing left to do or to look into. */
export function allWell(state: PanelAccountsState, items: PanelAccount[]): boolean {
  return state.checked_at !== null && state.reason_code === null
    && items.every((account) => account.state === "there" || account.state === "waiting_for_sign_in");
}

/** How many accounts need a person: unexpected or refused ones. */
export function needing(items: PanelAccount[]): number {
  return items.filter(({ state }) => state === "unexpected" || state === "refused").length;
}

/** Whether a comparison was tried since `before`: it came to an end, or the next one is planned anew. */
export function wasTried(before: PanelAccountsState, state: PanelAccountsState, now: number): boolean {
  return state.checked_at !== before.checked_at || (state.due_at !== before.due_at && Date.parse(state.due_at) > now);
}
