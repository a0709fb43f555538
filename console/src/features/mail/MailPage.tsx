// Mail: the server that sends it, and the outbox with what became of every mail.
import { Alert, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { getMailSettings } from "../../api/calls";
import { PageHead } from "../../shell/PageHead";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MailServerForm } from "./MailServerForm";
import { Outbox } from "./Outbox";
import { TemplatesCard } from "./TemplatesCard";
import { TestMail } from "./TestMail";

export function MailPage() {
  const { t } = useTranslation();
  const server = useQuery({ queryKey: ["mail_settings"], queryFn: getMailSettings, retry: false });
  // The mail server belongs to the company that set the server up; the others have their outbox only.
  const notOurs = server.error instanceof ApiError && server.error.status === 403;
  const saved = server.data?.settings ?? null;
  return (
    <Stack gap="lg">
      <PageHead title={t("mail.title")} hint={t("mail.hint")} up={{ to: "/company", text: t("company.title") }} />
      {server.isPending ? <LoadingRows rows={2} /> : null}
      {notOurs ? <Alert role="note" className="note">{t("mail.not_ours")}</Alert> : null}
      {server.isError && !notOurs ? <ErrorNote error={server.error} onRetry={() => void server.refetch()} /> : null}
      {server.isSuccess ? <MailServerForm saved={saved} /> : null}
      {saved ? <TestMail /> : null}
      <TemplatesCard />
      <Outbox />
    </Stack>
  );
}
