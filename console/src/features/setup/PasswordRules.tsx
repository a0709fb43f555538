// The password's rules, ticked off while typing.
import { useTranslation } from "react-i18next";
import { RuleList } from "../../ui/RuleList";
import { passwordRules } from "./passwordRules";

export function PasswordRules({ password, email }: { password: string; email: string }) {
  const { t } = useTranslation();
  return <RuleList rules={passwordRules(password, email).map(({ rule, met }) => ({ text: t(`rule.${rule}`), met }))} />;
}
