// The password's rules, ticked off while typing.
import { IconCheck, IconPoint } from "@tabler/icons-react";
import { VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { passwordRules } from "./passwordRules";

export function PasswordRules({ password, email }: { password: string; email: string }) {
  const { t } = useTranslation();
  return (
    <ul className="rules">
      {passwordRules(password, email).map(({ rule, met }) => (
        <li key={rule} className={met ? "met" : undefined}>
          {met ? <IconCheck size={16} aria-hidden="true" /> : <IconPoint size={16} aria-hidden="true" />}
          {t(`rule.${rule}`)}
          <VisuallyHidden>: {t(met ? "rule.met" : "rule.unmet")}</VisuallyHidden>
        </li>
      ))}
    </ul>
  );
}
