// The calls of an end user's own account, for the cards that staff's profile has too.
import * as calls from "../../api/calls";
import { renewMySession } from "../my/session";
import type { Account } from "../profile/account";

export const myAccount: Account = {
  profileKey: "my profile", sessionKey: "my session", sessionsKey: "my sessions",
  changePassword: async (client, body) => renewMySession(client, await calls.changeMyPassword(body)),
  beginTwoFactor: calls.beginMyTwoFactor,
  confirmTwoFactor: calls.confirmMyTwoFactor,
  endTwoFactor: calls.endMyTwoFactor,
  renewRecoveryCodes: calls.renewMyRecoveryCodes,
  listSessions: calls.listMySessions,
  endSession: calls.endMySession,
  endOtherSessions: calls.endMyOtherSessions,
};
