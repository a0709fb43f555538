// A mail as text and as it looks.
import { SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MailFrame } from "./MailFrame";

export function MailLook({ subject, language, text, html }: { subject: string; language: string; text: string; html: string }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState("page");
  return (
    <Stack gap="xs">
      <SegmentedControl
        aria-label={t("mail.preview")} value={shown} onChange={setShown}
        data={[{ value: "page", label: t("mail.as_page") }, { value: "text", label: t("mail.as_text") }]}
      />
      {shown === "page" ? <MailFrame subject={subject} html={html} /> : <div className="mail-text" lang={language}>{text}</div>}
    </Stack>
  );
}
