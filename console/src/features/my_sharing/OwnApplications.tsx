// What an end user applied for by scanning a code, and what became of it.
import { Button, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listOwnApplications, withdrawOwnApplication } from "../../api/calls";
import type { OwnApplication } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";

/** Those that were accepted are among what is shared. */
const SHOWN = new Set(["pending", "refused"]);

export function OwnApplications({ poll }: { poll: number | false }) {
  const { t } = useTranslation();
  const list = useQuery({ queryKey: ["my own applications"], queryFn: listOwnApplications, refetchInterval: poll });
  const items = (list.data?.items ?? []).filter(({ state }) => SHOWN.has(state));
  if (list.isError) return <ErrorNote error={list.error} onRetry={() => void list.refetch()} />;
  if (items.length === 0) return null;
  return (
    <section className="card" aria-labelledby="own-applications-title">
      <Title order={2} fz="h4" id="own-applications-title">{t("sharing.own_applications")}</Title>
      <ul className="line-list" aria-labelledby="own-applications-title">
        {items.map((application) => <Line key={application.id} application={application} />)}
      </ul>
    </section>
  );
}

function Line({ application }: { application: OwnApplication }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { giver_name: name, label, state, created_at, answered_at } = application;
  const withdrawing = useMutation({
    mutationFn: () => withdrawOwnApplication(application.id),
    onSettled: () => client.invalidateQueries({ queryKey: ["my own applications"] }),
  });
  return (
    <li className="line line-stack">
      <div className="grow">
        <Text fw={600} className="wrap">{t("sharing.applied_to", { name })}</Text>
        <Text size="sm" c="dimmed" className="wrap">
          {[label, t(`sharing.offer_${state}`, { at: formatInstant(answered_at ?? created_at, i18n.language) })].filter(Boolean).join(" · ")}
        </Text>
        <ErrorNote error={withdrawing.error} />
      </div>
      {state === "pending" ? (
        <Button variant="default" size="sm" aria-label={`${t("sharing.withdraw")}: ${name}`} loading={withdrawing.isPending} onClick={() => withdrawing.mutate()}>
          {t("sharing.withdraw")}
        </Button>
      ) : null}
    </li>
  );
}
