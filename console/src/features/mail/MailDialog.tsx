// One mail: what it says, what became of it, and the way to send it again.
import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getMail, mailFileAddress, sendMailAgain } from "../../api/calls";
import { codeText } from "../../texts/errors";
import { formatInstant } from "../../texts/times";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MailLook } from "./MailLook";

export function MailDialog({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const found = useQuery({ queryKey: ["mail", id], queryFn: () => getMail(id ?? ""), enabled: id !== null });
  const sending = useMutation({
    mutationFn: sendMailAgain,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["mails"] });
      void client.invalidateQueries({ queryKey: ["mail"] });
    },
  });
  const close = () => {
    sending.reset();
    onClose();
  };
  const mail = found.data?.mail;
  return (
    <Dialog opened={id !== null} onClose={close} title={mail?.subject ?? t("mail.preview")} size={640}>
      <Stack>
        {found.isPending ? <LoadingRows rows={2} /> : null}
        <ErrorNote error={found.error ?? sending.error} />
        {mail && found.data ? (
          <>
            <Text size="sm" c="dimmed">
              {mail.receiver} · {t(`mail_state.${mail.state}`)}
              {mail.sent_at ? ` · ${formatInstant(mail.sent_at, i18n.language)}` : ""} · {t("mail.tries", { count: mail.attempts })}
            </Text>
            {mail.state === "not_needed" ? <Text>{t("mail.not_needed")}</Text> : null}
            {mail.error_code ? <Text>{codeText(i18n, mail.error_code, mail.error_code)}</Text> : null}
            {mail.said ? <Text size="sm">{t("mail.said")} <code className="mono">{mail.said}</code></Text> : null}
            <MailLook subject={mail.subject} language={mail.language} text={found.data.text} html={found.data.html} />
            {found.data.attachments.length > 0 ? (
              <div>
                <Text size="sm" c="dimmed">{t("mail.files")}</Text>
                <ul className="files">
                  {found.data.attachments.map((file, position) => (
                    <li key={file.file_name}>
                      <Anchor href={mailFileAddress(mail.id, position)} download>{file.file_name}</Anchor>
                    </li>
                  ))}
                </ul>
              </div>
            ) : null}
            <Group justify="flex-end">
              {mail.state === "failed" ? (
                <Button loading={sending.isPending} onClick={() => sending.mutate(mail.id)}>{t("mail.send_again")}</Button>
              ) : null}
              <Button variant="default" onClick={close}>{t("do.close")}</Button>
            </Group>
          </>
        ) : null}
      </Stack>
    </Dialog>
  );
}
