// One rule in words.
import { Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CompatibilityRule } from "../../api/types";
import { KindIcon } from "../../ui/KindIcon";

interface Properties { rule: CompatibilityRule; onEdit: () => void; onDelete: () => void }

export function RuleLine({ rule, onEdit, onDelete }: Properties) {
  const { t } = useTranslation();
  const models = rule.models ?? [];
  const name = t("compatibility.rule", { kind: t(`kind.${rule.family}`), version: rule.minimum });
  return (
    <li className="line">
      <KindIcon kind={rule.family} />
      <div className="grow">
        <Text fw={600}>{name}</Text>
        <Text size="sm" className="wrap mono">{models.length > 0 ? models.join(", ") : t("compatibility.every_model")}</Text>
        <Text size="sm" c="dimmed" className="wrap">
          {t("compatibility.without", { functions: rule.lost.map((what) => t(`platform_function.${what}`)).join(", ") })}
        </Text>
      </div>
      <div className="line-end">
        <Button variant="default" size="sm" aria-label={`${t("compatibility.edit")}: ${name}`} onClick={onEdit}>{t("compatibility.edit")}</Button>
        <Button variant="default" size="sm" className="danger-text" aria-label={`${t("do.delete")}: ${name}`} onClick={onDelete}>{t("do.delete")}</Button>
      </div>
    </li>
  );
}
