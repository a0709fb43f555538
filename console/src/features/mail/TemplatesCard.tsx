// What people get by mail, before anybody gets it: every letter in every language, with the company's own name and logo.
import { Button, Group, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { getMailTemplate, listMailTemplates } from "../../api/calls";
import type { MailTemplate, TemplateSample } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MailLook } from "./MailLook";

type Language = TemplateSample["language"];
const LANGUAGES = [["en", "English"], ["ru", "Русский"]] as const;

export function TemplatesCard() {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <Stack component="section" aria-labelledby="mail-templates" gap="xs">
      <Title order={2} fz="h4" id="mail-templates">{t("mail.templates")}</Title>
      <Text size="sm" c="dimmed">{t("mail.templates_hint")}</Text>
      <div><Button variant="default" onClick={() => setOpened(true)}>{t("mail.templates_card")}</Button></div>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t("mail.templates")} size={680}>
        {opened ? <Templates /> : null}
      </Dialog>
    </Stack>
  );
}

function Templates() {
  const { t, i18n } = useTranslation();
  const mine: Language = i18n.language === "ru" ? "ru" : "en";
  const [language, setLanguage] = useState<Language>(mine);
  const [template, setTemplate] = useState<MailTemplate>("handover_invitation");
  const list = useQuery({ queryKey: ["mail_templates"], queryFn: listMailTemplates });
  const found = useQuery({
    queryKey: ["mail_template", template, language], queryFn: () => getMailTemplate(template, language),
  });
  const inMine = list.data?.items.filter((item) => item.language === mine) ?? [];
  return (
    <Stack>
      <Group grow align="end" preventGrowOverflow={false}>
        <NativeSelect
          label={t("mail.template")} value={template} onChange={(event) => setTemplate(event.currentTarget.value as MailTemplate)}
          data={inMine.map((item) => ({ value: item.template, label: item.subject }))}
        />
        <NativeSelect
          label={t("mail.template_language")} value={language}
          onChange={(event) => setLanguage(event.currentTarget.value as Language)}
          data={LANGUAGES.map(([value, label]) => ({ value, label }))}
        />
      </Group>
      <ErrorNote error={list.error ?? found.error} />
      {found.isPending ? <LoadingRows rows={4} /> : null}
      {found.data ? (
        <>
          <Text fw={700} lang={language}>{found.data.sample.subject}</Text>
          <MailLook subject={found.data.sample.subject} language={language} text={found.data.text} html={found.data.html} />
        </>
      ) : null}
    </Stack>
  );
}
