// One rule: what sets it off, when, what it does, and why it does not where it does not.
import { Button, Group, Switch, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconBan, IconCircleCheck, IconPlayerPause } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { deleteLinkageRule, updateLinkageRule } from "../../api/calls";
import type { LinkageRule } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { State } from "../devices/State";
import { actionText, scheduleText, sourceText, troubleText, type Names } from "./ruleText";

interface Properties { rule: LinkageRule; names: Names; may: boolean; onEdit: () => void }

export function RuleCard({ rule, names, may, onEdit }: Properties) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const deleting = useDialog();
  const id = useId();
  const refresh = () => client.invalidateQueries({ queryKey: ["linkage_rules", rule.site_id] });
  const switching = useMutation({ mutationFn: (enabled: boolean) => updateLinkageRule(rule.id, { enabled }), onSuccess: refresh });
  return (
    <li className="card" aria-labelledby={id}>
      <div className="card-top">
        <Title order={2} fz="h4" id={id} className="grow wrap">{rule.name}</Title>
        <RuleState rule={rule} />
      </div>
      <dl className="linkage-rule">
        <div><dt>{t("linkage.when")}</dt><dd>{sourceText(t, rule.source, names)}</dd></div>
        <div><dt>{t("linkage.times")}</dt><dd>{scheduleText(t, rule.schedule)}</dd></div>
        <div>
          <dt>{t("linkage.then")}</dt>
          <dd><ul className="linkage-actions">{rule.actions.map((action, index) => <li key={index}>{actionText(t, action, names)}</li>)}</ul></dd>
        </div>
      </dl>
      {rule.troubles.length > 0 ? (
        <ul className="linkage-troubles" aria-label={t("linkage.troubles")}>
          {rule.troubles.map((trouble, index) => (
            <li key={index}><IconAlertTriangle size={16} aria-hidden="true" /><span className="wrap">{troubleText(t, trouble, names)}</span></li>
          ))}
        </ul>
      ) : null}
      <Text size="sm" c="dimmed" mt="sm">
        {rule.last_fired_at ? t("linkage.last_fired", { at: formatInstant(rule.last_fired_at, i18n.language) }) : t("linkage.never_fired")}
      </Text>
      <ErrorNote error={switching.error} />
      {may ? (
        <Group justify="space-between" mt="sm" gap="sm">
          <Switch
            size="md" checked={rule.enabled} disabled={switching.isPending} label={t("linkage.on")} aria-label={t("linkage.on_of", { name: rule.name })}
            onChange={(event) => switching.mutate(event.currentTarget.checked)}
          />
          <Group gap="sm">
            <Button variant="default" size="sm" onClick={onEdit} aria-label={t("linkage.edit_of", { name: rule.name })}>{t("linkage.edit")}</Button>
            <Button variant="default" size="sm" onClick={deleting.open} aria-label={t("linkage.delete_of", { name: rule.name })}>{t("do.delete")}</Button>
          </Group>
        </Group>
      ) : null}
      <ConfirmDialog
        opened={deleting.opened} onClose={deleting.close} title={t("linkage.delete_title", { name: rule.name })} text={t("linkage.delete_text")}
        action={t("do.delete")} run={() => deleteLinkageRule(rule.id)}
        onDone={() => {
          deleting.close();
          void refresh();
        }}
      />
    </li>
  );
}

function RuleState({ rule }: { rule: LinkageRule }) {
  const { t } = useTranslation();
  if (!rule.enabled) return <State tone="unknown" Icon={IconPlayerPause} text={t("linkage_state.off")} />;
  if (rule.state === "works") return <State tone="healthy" Icon={IconCircleCheck} text={t("linkage_state.works")} />;
  if (rule.state === "impaired") return <State tone="faulty" Icon={IconAlertTriangle} text={t("linkage_state.impaired")} />;
  return <State tone="offline" Icon={IconBan} text={t("linkage_state.invalid")} />;
}
