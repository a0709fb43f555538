// Rules of compatibility: what devices cannot do until their firmware is new enough. Edited as a draft; before it is saved,
// the devices that it changes something for are told.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconPlus, IconVersions } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deleteCompatibilityRules, getCompatibilityRules } from "../../api/calls";
import type { CompatibilityRule, CompatibilityRules } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { formatDay, formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useDialog } from "../../ui/useDialog";
import { FileButtons } from "./FileButtons";
import { RuleDialog } from "./RuleDialog";
import { RuleLine } from "./RuleLine";
import { SaveDialog } from "./SaveDialog";

export function CompatibilityPage() {
  const rules = useQuery({ queryKey: ["compatibility_rules"], queryFn: getCompatibilityRules });
  const { t } = useTranslation();
  if (rules.data) return <Editor key={`${rules.data.own} ${rules.data.updated_at}`} rules={rules.data} />;
  return (
    <Stack gap="lg">
      <PageHead title={t("compatibility.title")} up={{ to: "/company", text: t("company.title") }} />
      {rules.isError ? <ErrorNote error={rules.error} onRetry={() => void rules.refetch()} /> : <LoadingRows height={64} />}
    </Stack>
  );
}

function Editor({ rules }: { rules: CompatibilityRules }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [draft, setDraft] = useState<CompatibilityRule[]>(rules.rules);
  const [chosen, setChosen] = useState<number | null>(null);
  const editing = useDialog();
  const saving = useDialog();
  const resetting = useDialog();
  const changed = JSON.stringify(draft) !== JSON.stringify(rules.rules);
  const edit = (index: number | null) => {
    setChosen(index);
    editing.open();
  };
  const take = (rule: CompatibilityRule) =>
    setDraft(chosen === null ? [...draft, rule] : draft.map((old, index) => (index === chosen ? rule : old)));
  const taken = (saved: CompatibilityRules) => {
    client.setQueryData(["compatibility_rules"], saved);
    for (const key of ["devices", "device", "fleet", "sites", "site"]) void client.invalidateQueries({ queryKey: [key] });
  };
  const add = <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={() => edit(null)}>{t("compatibility.add")}</Button>;
  return (
    <Stack gap="lg" maw={860}>
      <PageHead
        title={t("compatibility.title")} hint={t("compatibility.hint")} up={{ to: "/company", text: t("company.title") }} actions={add}
      />
      <Text size="sm" c="dimmed">
        {rules.own && rules.updated_at
          ? t(rules.updated_by ? "compatibility.own_by" : "compatibility.own", { at: formatInstant(rules.updated_at, i18n.language), name: rules.updated_by })
          : t("compatibility.platform", { at: formatDay(rules.platform_as_of, i18n.language) })}
      </Text>
      {draft.length === 0 ? <Empty Icon={IconVersions} title={t("compatibility.none")} hint={t("compatibility.none_hint")} /> : (
        <ul className="card line-list" aria-label={t("compatibility.title")}>
          {draft.map((rule, index) => (
            <RuleLine key={index} rule={rule} onEdit={() => edit(index)} onDelete={() => setDraft(draft.filter((_, other) => other !== index))} />
          ))}
        </ul>
      )}
      {changed ? (
        <Alert role="status" className="note note-warn" title={t("compatibility.unsaved")}>
          {t("compatibility.unsaved_text")}
          <Group mt="sm" gap="sm">
            <Button onClick={saving.open}>{t("compatibility.review")}</Button>
            <Button variant="default" onClick={() => setDraft(rules.rules)}>{t("compatibility.discard")}</Button>
          </Group>
        </Alert>
      ) : null}
      <Group gap="sm">
        <FileButtons rules={draft} onRead={setDraft} />
        {rules.own ? <Button variant="default" onClick={resetting.open}>{t("compatibility.reset")}</Button> : null}
      </Group>
      <RuleDialog key={`rule${editing.key}`} rule={chosen === null ? undefined : draft[chosen]} opened={editing.opened} onClose={editing.close} onTake={take} />
      <SaveDialog key={`save${saving.key}`} rules={draft} opened={saving.opened} onClose={saving.close} onSaved={taken} />
      <ConfirmDialog
        key={`reset${resetting.key}`} opened={resetting.opened} onClose={resetting.close} title={t("compatibility.reset_title")}
        text={t("compatibility.reset_text", { at: formatDay(rules.platform_as_of, i18n.language) })} action={t("compatibility.reset")}
        run={async () => taken(await deleteCompatibilityRules())} onDone={resetting.close}
      />
    </Stack>
  );
}
