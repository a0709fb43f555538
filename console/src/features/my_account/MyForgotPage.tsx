// An end user asks for a link to choose a new password.
import { askForMyReset } from "../../api/calls";
import { ForgotPage } from "../session/ForgotPage";

export function MyForgotPage() {
  return <ForgotPage ask={askForMyReset} back="/my/sign-in" />;
}
