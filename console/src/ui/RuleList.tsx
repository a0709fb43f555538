// The rules that a new secret has to meet, ticked off while typing.
import { VisuallyHidden } from "@mantine/core";
import { IconCheck, IconPoint } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

export function RuleList({ rules, id }: { rules: { text: string; met: boolean }[]; id?: string }) {
  const { t } = useTranslation();
  return (
    <ul className="rules" id={id}>
      {rules.map(({ text, met }) => (
        <li key={text} className={met ? "met" : undefined}>
          {met ? <IconCheck size={16} aria-hidden="true" /> : <IconPoint size={16} aria-hidden="true" />}
          {text}
          <VisuallyHidden>: {t(met ? "rule.met" : "rule.unmet")}</VisuallyHidden>
        </li>
      ))}
    </ul>
  );
}
