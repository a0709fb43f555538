// Every mail with where it stands; one that was given up is sent again from here.
import { Alert, Badge, Button, Group, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listMails } from "../../api/calls";
import type { Mail, MailPage } from "../../api/types";
import { codeText } from "../../texts/errors";
import { formatInstant } from "../../texts/times";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { MailDialog } from "./MailDialog";
import { colourOf } from "./mailState";

const STATES = ["waiting", "sending", "sent", "failed", "not_needed"] as const;
const POLL = 5000;

export function Outbox() {
  const { t, i18n } = useTranslation();
  const [state, setState] = useState("");
  const [shown, setShown] = useState<string | null>(null);
  const list = usePages("mails", { limit: 20, state: state || undefined }, listMails, POLL);
  const page = list.data?.pages[0] as MailPage | undefined;
  const why = (mail: Mail) => (mail.error_code ? codeText(i18n, mail.error_code, mail.error_code) : "");
  return (
    <Stack component="section" aria-labelledby="outbox">
      <Group justify="space-between" align="end">
        <Title order={2} fz="h4" id="outbox">{t("mail.outbox")}</Title>
        <NativeSelect
          label={t("mail.filter")} value={state} onChange={(event) => setState(event.currentTarget.value)}
          data={[{ value: "", label: t("mail.any_state") }, ...STATES.map((value) => ({ value, label: t(`mail_state.${value}`) }))]}
        />
      </Group>
      {page && !page.server_set ? <Alert role="note" className="note note-warn">{t("mail.no_server")}</Alert> : null}
      {page?.login_refused ? <Alert role="note" className="note note-bad">{t("mail.login_refused")}</Alert> : null}
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <LoadingRows height={48} rows={4} /> : null}
      {list.isSuccess && list.items.length === 0 ? <Empty Icon={IconMail} title={t("mail.none")} hint={t("mail.none_hint")} order={3} /> : null}
      {list.items.length > 0 ? (
        <div className="card">
          <table className="table table-stack">
            <thead>
              <tr>{["written", "to", "subject", "state", "preview"].map((name) => <th key={name} scope="col">{t(`mail.${name}`)}</th>)}</tr>
            </thead>
            <tbody>
              {list.items.map((mail) => (
                <tr key={mail.id}>
                  <td data-label={t("mail.written")}><time dateTime={mail.created_at}>{formatInstant(mail.created_at, i18n.language)}</time></td>
                  <td data-label={t("mail.to")}>{mail.receiver}</td>
                  <td data-label={t("mail.subject")}><b>{mail.subject}</b></td>
                  <td data-label={t("mail.state")}>
                    <div>
                      <Badge variant="dot" color={colourOf(mail.state)} tt="none">{t(`mail_state.${mail.state}`)}</Badge>
                      {why(mail) ? <Text size="sm" c="dimmed">{why(mail)}</Text> : null}
                    </div>
                  </td>
                  <td data-label={t("mail.preview")}>
                    <Button variant="default" size="sm" aria-label={`${t("mail.look")}: ${mail.subject}`} onClick={() => setShown(mail.id)}>
                      {t("mail.look")}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      <MoreButton list={list} />
      <MailDialog id={shown} onClose={() => setShown(null)} />
    </Stack>
  );
}
