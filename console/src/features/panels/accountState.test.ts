import { describe, expect, test } from "vitest";
import type { PanelAccount, PanelAccountsState } from "../../api/types";
import en from "../../texts/en.json";
import { allWell, meaningKey, needing, sorted, TONES, wasTried } from "./accountState";

const account = (state: PanelAccount["state"], more: Partial<PanelAccount> = {}): PanelAccount => ({
  id: state, person: null, user_name: "x", role: "installer", because: "manages_site", state, reason_code: null, since: "", password: "own", ...more,
});
const compared: PanelAccountsState = { checked_at: "2026-05-01T10:00:00Z", due_at: "", reason_code: null, method: null, leaving: false };

describe("accounts on a panel", () => {
  test("those that nobody should have stand apart", () => {
    const { unexpected, people } = sorted([account("there"), account("unexpected"), account("removing")]);
    expect(unexpected.map(({ id }) => id)).toEqual(["unexpected"]);
    expect(people.map(({ id }) => id)).toEqual(["there", "removing"]);
  });

  test("every state has a sentence that says what it means", () => {
    for (const state of Object.keys(TONES) as PanelAccount["state"][]) {
      const [group, key] = meaningKey(account(state)).split(".");
      expect(group).toBe("account_means");
      expect(key !== undefined && key in en.account_means, state).toBe(true);
    }
    expect(meaningKey(account("there", { password: "none" }))).toBe("account_means.there_otherwise");
  });

  test("all is well only after a comparison that left nothing to do", () => {
    expect(allWell(compared, [account("there"), account("waiting_for_sign_in")])).toBe(true);
    expect(allWell(compared, [account("there"), account("adding")])).toBe(false);
    expect(allWell(compared, [account("unexpected")])).toBe(false);
    expect(allWell({ ...compared, checked_at: null }, [])).toBe(false);
    expect(allWell({ ...compared, reason_code: "device_unreachable" }, [account("there")])).toBe(false);
  });

  test("refused and unexpected ones need a person", () => {
    expect(needing([account("there"), account("refused"), account("unexpected"), account("removing")])).toBe(2);
  });

  test("a comparison was tried when it ended or the next one is planned anew, not when it is only due", () => {
    const now = Date.parse("2026-05-01T10:05:00Z");
    const before = { ...compared, due_at: "2026-05-01T10:15:00Z" };
    expect(wasTried(before, before, now)).toBe(false);
    expect(wasTried(before, { ...before, due_at: "2026-05-01T10:04:59Z" }, now)).toBe(false);
    expect(wasTried(before, { ...before, due_at: "2026-05-01T10:06:00Z", reason_code: "device_unreachable" }, now)).toBe(true);
    expect(wasTried(before, { ...before, checked_at: "2026-05-01T10:05:00Z" }, now)).toBe(true);
  });
});
