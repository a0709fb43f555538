// What to begin a rule with: a template, filled in with what the site has, or nothing.
import { Alert, Text, UnstyledButton } from "@mantine/core";
import { IconBell, IconDoorOff, IconHome, IconPencil, IconRun, IconShieldLock, IconWall, type Icon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listLinkageTemplates } from "../../api/calls";
import type { LinkageTemplate, LinkageTemplateKind } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { draftOf, EMPTY, type RuleDraft } from "./ruleDraft";
import { sourceText, type Names } from "./ruleText";

const ICONS: Record<LinkageTemplateKind, Icon> = {
  intrusion: IconRun, forced_entry: IconDoorOff, back_home: IconHome, away: IconShieldLock, visitor_calling: IconBell, perimeter: IconWall,
};

interface Properties { siteId: string; names: Names; opened: boolean; onClose: () => void; onPick: (draft: RuleDraft) => void }

export function TemplateDialog({ siteId, names, opened, onClose, onPick }: Properties) {
  const { t } = useTranslation();
  const templates = useQuery({ queryKey: ["linkage_templates", siteId], queryFn: () => listLinkageTemplates(siteId) });
  const pick = (template: LinkageTemplate) => {
    if (template.draft) onPick(draftOf({ ...template.draft, name: t(`linkage_template.${template.template}`) }));
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("linkage.begin_with")}>
      <ErrorNote error={templates.error} onRetry={() => void templates.refetch()} />
      {templates.isPending ? <LoadingRows /> : null}
      <ul className="plain-list linkage-templates">
        {(templates.data?.items ?? []).map((template) => {
          const { draft } = template;
          const Icon = ICONS[template.template];
          return (
            <li key={template.template}>
              <UnstyledButton className="linkage-template" disabled={!draft} onClick={() => pick(template)}>
                <Icon size={24} aria-hidden="true" />
                <span className="grow">
                  <Text fw={600} span display="block">{t(`linkage_template.${template.template}`)}</Text>
                  <Text size="sm" c="dimmed" span display="block">{t(`linkage_template_text.${template.template}`)}</Text>
                  <Text size="sm" span display="block" className="wrap">
                    {draft ? sourceText(t, draft.source, names)
                      : t("linkage.template_needs", { kinds: template.sources.map((kind) => t(`kind.${kind}`)).join(", ") })}
                  </Text>
                </span>
              </UnstyledButton>
            </li>
          );
        })}
        <li>
          <UnstyledButton className="linkage-template" onClick={() => onPick(EMPTY)}>
            <IconPencil size={24} aria-hidden="true" />
            <span className="grow">
              <Text fw={600} span display="block">{t("linkage.blank")}</Text>
              <Text size="sm" c="dimmed" span display="block">{t("linkage.blank_text")}</Text>
            </span>
          </UnstyledButton>
        </li>
      </ul>
      <Alert role="note" className="note" mt="md">{t("linkage.template_note")}</Alert>
    </Dialog>
  );
}
