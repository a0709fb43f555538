// Writes a rule: its source, when, what it does; tries it on the last 30 days before it is saved.
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createLinkageRule, updateLinkageRule } from "../../api/calls";
import { ApiError } from "../../api/client";
import type { DeviceSummary, LinkageReceiver, LinkageRule, LinkageRuleCreate, Site } from "../../api/types";
import { errorText, fieldError } from "../../texts/errors";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { ActionFields } from "./ActionFields";
import { DryRun } from "./DryRun";
import { bodyOf, type RuleDraft } from "./ruleDraft";
import { ScheduleFields } from "./ScheduleFields";
import { SourceFields } from "./SourceFields";

interface Properties {
  site: Site; rule?: LinkageRule; start: RuleDraft; devices: DeviceSummary[]; receivers: LinkageReceiver[];
  opened: boolean; onClose: () => void;
}

export function RuleDialog({ site, rule, start, devices, receivers, opened, onClose }: Properties) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const change = (part: Partial<RuleDraft>) => setDraft((before) => ({ ...before, ...part }));
  const saving = useMutation({
    mutationFn: (body: LinkageRuleCreate) => (rule ? updateLinkageRule(rule.id, body) : createLinkageRule(site.id, body)),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["linkage_rules", site.id] });
      onClose();
    },
  });
  const index = saving.error instanceof ApiError ? saving.error.details.index : undefined;
  const refused = typeof index === "number" ? { index, text: errorText(i18n, saving.error) } : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const body = bodyOf(draft);
    if (body) saving.mutate(body);
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t(rule ? "linkage.edit_title" : "linkage.add")} size={640}>
      <form onSubmit={submit} noValidate>
        <Stack gap="lg">
          <TextInput
            label={t("linkage.name")} required maxLength={128} value={draft.name} autoComplete="off" data-autofocus
            error={tried && !draft.name.trim() ? t("form.required") : fieldError(i18n, saving.error, "name")}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <SourceFields draft={draft} devices={devices} tried={tried} change={change} />
          <ScheduleFields periods={draft.periods} zone={site.time_zone} tried={tried} change={(periods) => change({ periods })} />
          <ActionFields
            actions={draft.actions} source={draft} devices={devices} receivers={receivers} tried={tried} refused={refused}
            change={(actions) => change({ actions })}
          />
          <DryRun siteId={site.id} draft={draft} zone={site.time_zone} />
          <div className="dialog-foot">
            <ErrorNote error={saving.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
              <Button type="submit" loading={saving.isPending}>{t(rule ? "do.save" : "do.add")}</Button>
            </Group>
          </div>
        </Stack>
      </form>
    </Dialog>
  );
}
