// Who is told of what on a site, in plain words; on the site's page, for those who see exceptions.
import { Button, Group, Skeleton, Switch, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { deleteExceptionRule, listExceptionRules, putExceptionRule } from "../../api/calls";
import type { ExceptionRule, ExceptionRuleList } from "../../api/types";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { useMay } from "../session/session";
import { RuleDialog } from "./RuleDialog";
import { bodyOf, formOf } from "./ruleForm";
import { ruleText, scheduleText } from "./ruleText";

export function RulesCard({ siteId, poll }: { siteId: string; poll: number | false }) {
  const { t } = useTranslation();
  const may = useMay()("view_exceptions");
  const adding = useDialog();
  const rules = useQuery({
    queryKey: ["exception_rules", siteId], queryFn: () => listExceptionRules(siteId), enabled: may, refetchInterval: poll,
  });
  if (!may) return null;
  const silent = rules.data && !rules.data.items.some(({ enabled, receivers }) => enabled && receivers.length > 0);
  return (
    <section className="card" aria-labelledby="rules-title">
      <div className="card-top">
        <div className="grow">
          <Title order={2} fz="h4" id="rules-title">{t("rules.title")}</Title>
          <Text size="sm" c="dimmed">{t(silent ? "rules.silent" : "rules.hint")}</Text>
        </div>
        <Button variant="default" size="sm" disabled={!rules.isSuccess} onClick={adding.open}>{t("rules.add")}</Button>
      </div>
      <ErrorNote error={rules.error} onRetry={() => void rules.refetch()} />
      {rules.isPending ? <Skeleton height={48} mt="sm" /> : null}
      {rules.data && rules.data.items.length > 0 ? (
        <ul className="line-list">
          {rules.data.items.map((rule) => <RuleLine key={rule.id} siteId={siteId} list={rules.data} rule={rule} />)}
        </ul>
      ) : null}
      {rules.data && adding.key > 0 ? (
        <RuleDialog key={adding.key} siteId={siteId} list={rules.data} opened={adding.opened} onClose={adding.close} />
      ) : null}
    </section>
  );
}

function RuleLine({ siteId, list, rule }: { siteId: string; list: ExceptionRuleList; rule: ExceptionRule }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const editing = useDialog();
  const deleting = useDialog();
  const refresh = () => void client.invalidateQueries({ queryKey: ["exception_rules", siteId] });
  const switching = useMutation({
    mutationFn: (enabled: boolean) => putExceptionRule(siteId, rule.id, bodyOf({ ...formOf(rule), enabled })), onSuccess: refresh,
  });
  const unable = rule.receivers.filter(({ able }) => !able).map(({ name }) => name).join(", ");
  const said = ruleText(t, rule);
  return (
    <li className="line rule-line">
      <div className="grow">
        <Text fw={600} className="wrap" c={rule.enabled ? undefined : "dimmed"}>{said}</Text>
        <Text size="sm" c="dimmed" className="wrap">{scheduleText(t, rule.schedule, list.time_zone)}</Text>
        {unable ? <Text size="sm" className="wrap rule-warn">{t("rules.unable", { names: unable })}</Text> : null}
        <ErrorNote error={switching.error} />
      </div>
      <Group gap="sm">
        <Switch
          label={t("rules.on")} checked={rule.enabled} disabled={switching.isPending} aria-label={t("rules.on_of", { rule: said })}
          onChange={(event) => switching.mutate(event.currentTarget.checked)}
        />
        <Button variant="default" size="sm" aria-label={t("rules.edit_of", { rule: said })} onClick={editing.open}>{t("rules.edit_short")}</Button>
        <Button variant="default" size="sm" aria-label={t("rules.delete_of", { rule: said })} onClick={deleting.open}>{t("do.delete")}</Button>
      </Group>
      {editing.key > 0 ? (
        <RuleDialog key={editing.key} siteId={siteId} list={list} rule={rule} opened={editing.opened} onClose={editing.close} />
      ) : null}
      <ConfirmDialog
        opened={deleting.opened} title={t("rules.delete_title")} text={t("rules.delete_text", { rule: said })} action={t("do.delete")}
        run={() => deleteExceptionRule(siteId, rule.id)} onClose={deleting.close}
        onDone={() => {
          refresh();
          deleting.close();
        }}
      />
    </li>
  );
}
