// A mail as it looks. The frame runs nothing and goes nowhere: a mail is somebody else's page even where we wrote it.
import { useTranslation } from "react-i18next";

export function MailFrame({ subject, html }: { subject: string; html: string }) {
  const { t } = useTranslation();
  return <iframe className="mail-frame" title={t("mail.frame", { subject })} sandbox="" srcDoc={html} />;
}
