// Who scanned a code of mine and wants in: on top of the page, and beside the code itself while it is shown. Live.
import { Button, Group, Text, Title } from "@mantine/core";
import { IconUserQuestion } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listShareApplications, refuseShareApplication } from "../../api/calls";
import type { ShareApplication } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { AcceptDialog } from "./AcceptDialog";
import { CHANGED } from "./changed";
import { SharedLines } from "./SharedLines";

/** `codeId`: only those who scanned this code. Shows nothing where nobody waits. */
export function Applications({ codeId, poll = false }: { codeId?: string; poll?: number | false }) {
  const { t } = useTranslation();
  const answering = useDialog();
  const [chosen, setChosen] = useState<ShareApplication | null>(null);
  const waiting = useQuery({ queryKey: ["my share applications"], queryFn: listShareApplications, refetchInterval: poll });
  const items = (waiting.data?.items ?? []).filter(({ code_id }) => !codeId || code_id === codeId);
  if (waiting.isError && items.length === 0) return <ErrorNote error={waiting.error} onRetry={() => void waiting.refetch()} />;
  const title = `applications-${codeId ?? "all"}`;
  return (
    <div role="status">
      {items.length > 0 ? (
        <section className="card waiting-card" aria-labelledby={title}>
          <Title order={2} fz="h4" id={title}>{t("sharing.applications")}</Title>
          <Text size="sm" c="dimmed">{t("sharing.applications_hint")}</Text>
          <ul className="line-list" aria-labelledby={title}>
            {items.map((application) => (
              <Line
                key={application.id} application={application}
                onAnswer={() => {
                  setChosen(application);
                  answering.open();
                }}
              />
            ))}
          </ul>
        </section>
      ) : null}
      {answering.key > 0 && chosen ? (
        <AcceptDialog key={answering.key} application={chosen} opened={answering.opened} onClose={answering.close} />
      ) : null}
    </div>
  );
}

function Line({ application, onAnswer }: { application: ShareApplication; onAnswer: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const refusing = useMutation({
    mutationFn: () => refuseShareApplication(application.id),
    onSettled: () => CHANGED.forEach((key) => void client.invalidateQueries({ queryKey: [key] })),
  });
  const { applicant_name: name, applicant_email: email, applicant_phone: phone, label, created_at } = application;
  return (
    <li className="line invitation line-stack">
      <div className="grow">
        <Text fw={600} className="wrap"><IconUserQuestion size={18} aria-hidden="true" /> {name}</Text>
        <Text size="sm" c="dimmed" className="wrap">{[email, phone, label, formatInstant(created_at, i18n.language)].filter(Boolean).join(" · ")}</Text>
        <SharedLines channels={application.channels} />
        <ErrorNote error={refusing.error} />
      </div>
      <Group gap="xs" className="line-end">
        <Button size="sm" aria-label={`${t("sharing.answer")}: ${name}`} onClick={onAnswer}>{t("sharing.answer")}</Button>
        <Button size="sm" variant="default" aria-label={`${t("sharing.refuse")}: ${name}`} loading={refusing.isPending} onClick={() => refusing.mutate()}>{t("sharing.refuse")}</Button>
      </Group>
    </li>
  );
}
