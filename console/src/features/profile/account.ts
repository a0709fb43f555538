// Whose account the cards are about: a member of staff's, or an end user's. Both sign in alike, each by calls of their own.
import type { QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import * as calls from "../../api/calls";
import type { OpenSessions, OwnPasswordChange, OwnProof, RecoveryCodes, TwoFactor, TwoFactorSeed } from "../../api/types";
import { renewSession } from "../session/session";

/** What the cards show of a profile. */
export interface SignInProfile { email: string; two_factor: TwoFactor; two_factor_required?: boolean }

export interface Account {
  /** The first part of the keys of its queries. */
  profileKey: string; sessionKey: string; sessionsKey: string;
  /** Changes the password; the session goes on under another id. */
  changePassword: (client: QueryClient, body: OwnPasswordChange) => Promise<void>;
  beginTwoFactor: (password: string) => Promise<TwoFactorSeed>;
  confirmTwoFactor: (code: string) => Promise<RecoveryCodes>;
  endTwoFactor: (proof: OwnProof) => Promise<void>;
  renewRecoveryCodes: (proof: OwnProof) => Promise<RecoveryCodes>;
  listSessions: () => Promise<OpenSessions>;
  endSession: (id: string) => Promise<void>;
  endOtherSessions: () => Promise<void>;
}

const staffAccount: Account = {
  profileKey: "profile", sessionKey: "session", sessionsKey: "sessions",
  changePassword: async (client, body) => renewSession(client, await calls.changePassword(body)),
  beginTwoFactor: calls.beginTwoFactor,
  confirmTwoFactor: calls.confirmTwoFactor,
  endTwoFactor: calls.endTwoFactor,
  renewRecoveryCodes: calls.renewRecoveryCodes,
  listSessions: calls.listSessions,
  endSession: calls.endSession,
  endOtherSessions: calls.endOtherSessions,
};

/** Staff's, unless a page says otherwise. */
export const AccountContext = createContext<Account>(staffAccount);

export function useAccount(): Account {
  return useContext(AccountContext);
}
