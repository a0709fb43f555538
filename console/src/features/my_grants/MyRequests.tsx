// What companies ask an owner for and wait to hear, on one site or on all of them.
import { Button, Group, Text, Title } from "@mantine/core";
import { IconMessageQuestion } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listMyWaitingRequests, refuseGrantRequest } from "../../api/calls";
import type { GrantRequest } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { AsksList } from "../grants/AsksList";
import { AnswerDialog } from "./AnswerDialog";

/** `siteId`: only what is asked for this site. Shows nothing where nothing waits. */
export function MyRequests({ siteId, poll }: { siteId?: string; poll: number | false }) {
  const { t } = useTranslation();
  const answering = useDialog();
  const [chosen, setChosen] = useState<GrantRequest | null>(null);
  const waiting = useQuery({ queryKey: ["my grant requests"], queryFn: listMyWaitingRequests, refetchInterval: poll });
  const items = (waiting.data?.items ?? []).filter(({ site_id }) => !siteId || site_id === siteId);
  if (waiting.isError) return <ErrorNote error={waiting.error} onRetry={() => void waiting.refetch()} />;
  if (items.length === 0) return null;
  return (
    <section className="card" aria-labelledby="my-requests-title">
      <div className="card-top">
        <div className="grow">
          <Title order={2} fz="h4" id="my-requests-title">{t("my_grants.requests")}</Title>
          <Text size="sm" c="dimmed">{t("my_grants.requests_hint")}</Text>
        </div>
      </div>
      <ul className="line-list" aria-labelledby="my-requests-title">
        {items.map((request) => (
          <WaitingLine
            key={request.id} request={request} withSite={!siteId}
            onAnswer={() => {
              setChosen(request);
              answering.open();
            }}
          />
        ))}
      </ul>
      {answering.key > 0 && chosen ? (
        <AnswerDialog key={answering.key} request={chosen} opened={answering.opened} onClose={answering.close} />
      ) : null}
    </section>
  );
}

function WaitingLine({ request, withSite, onAnswer }: { request: GrantRequest; withSite: boolean; onAnswer: () => void }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const refusing = useMutation({
    mutationFn: () => refuseGrantRequest(request.id),
    onSettled: () => client.invalidateQueries({ queryKey: ["my grant requests"] }),
  });
  const { company_name, site_name, remark, asked_by_name, created_at } = request;
  return (
    <li className="line invitation">
      <div className="grow">
        <Text fw={600} className="wrap">
          <IconMessageQuestion size={18} aria-hidden="true" /> {t(withSite ? "my_grants.asks_on" : "my_grants.asks", { company: company_name, site: site_name })}
        </Text>
        <AsksList kind={request.kind} asks={request.asks} />
        {remark ? <Text size="sm" className="wrap">{t("my_grants.words", { remark })}</Text> : null}
        <Text size="sm" c="dimmed" className="wrap">{`${asked_by_name} · ${formatInstant(created_at, i18n.language)}`}</Text>
        <ErrorNote error={refusing.error} />
      </div>
      <Group gap="xs" className="line-end">
        <Button size="sm" onClick={onAnswer}>{t("my_grants.answer")}</Button>
        <Button size="sm" variant="default" loading={refusing.isPending} onClick={() => refusing.mutate()}>{t("my_grants.refuse")}</Button>
      </Group>
    </li>
  );
}
