// A batch at work: what is added, what waits by itself, and what needs a person.
import { Button, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { getAddition, listAdditions } from "../../api/calls";
import type { Addition } from "../../api/types";
import { codeText } from "../../texts/errors";
import { KindIcon } from "../../ui/KindIcon";
import { AddStateBadge } from "../additions/AddStateBadge";
import { countsOf, isSettled } from "./progress";

const ASK_EVERY = 2_000;
/** The worker takes some seconds to its first look; until then nothing is known of any device. */
const FIRST_LOOK = 15_000;

export function BatchProgress({ siteId, begun, onMore }: { siteId: string; begun: Addition[]; onMore: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [looked, setLooked] = useState(false);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLooked(true), FIRST_LOOK);
    return () => window.clearTimeout(timer);
  }, []);
  const open = useQuery({
    queryKey: ["additions", siteId], queryFn: () => listAdditions(siteId), refetchInterval: over ? false : ASK_EVERY, staleTime: 0,
  });
  const opened = new Map(open.data?.items.map((one) => [one.id, one]));
  // What is no longer among the open ones has ended: it is asked for once.
  const ended = useQueries({
    queries: begun.map(({ id }) => ({
      queryKey: ["addition", id], queryFn: () => getAddition(id), enabled: open.isFetchedAfterMount && !opened.has(id), staleTime: Infinity,
    })),
  });
  const items = begun.map((one, index) => opened.get(one.id) ?? ended[index]?.data ?? one);
  const { added, asking, total } = countsOf(items, looked);
  const done = added + asking === total;
  useEffect(() => setOver(done), [done]);
  useEffect(() => {
    for (const name of ["devices", "site", "sites"]) void client.invalidateQueries({ queryKey: [name] });
  }, [client, added]);
  return (
    <Stack>
      <Title order={2} fz="h4">{t(done ? "found.over" : "scan.progress_title")}</Title>
      <Progress value={(100 * (added + asking)) / total} size="lg" animated={!done} aria-label={t("scan.progress_title")} />
      <Text role="status">
        {t("scan.added", { count: added })}{asking > 0 ? ` · ${t("found.asking", { count: asking })}` : ""}
        {done ? "" : ` · ${t("scan.progress", { n: added + asking, total })}`}
      </Text>
      {done ? null : <Text size="sm" c="dimmed">{t("found.leave")}</Text>}
      <ul className="card line-list" aria-label={t("found.title")}>
        {items.map((addition) => <ProgressLine key={addition.id} siteId={siteId} addition={addition} settled={isSettled(addition, looked)} />)}
      </ul>
      <Group className="button-pair">
        <Button component={Link} to={`/sites/${siteId}`} size="lg">{t("unbind.to_site")}</Button>
        <Button variant="default" size="lg" onClick={onMore}>{t("found.more")}</Button>
      </Group>
    </Stack>
  );
}

function ProgressLine({ siteId, addition, settled }: { siteId: string; addition: Addition; settled: boolean }) {
  const { t, i18n } = useTranslation();
  const { state, reason, device_id } = addition;
  const name = addition.name || addition.model || addition.serial;
  const to = state === "added" && device_id ? `/devices/${device_id}` : `/sites/${siteId}?addition=${addition.id}`;
  const next = settled && state !== "added" ? t(`next_step.${addition.next}`) : "";
  return (
    <li className="line">
      <KindIcon kind={addition.kind} />
      <div className="grow">
        <Link to={to} className="line-name">{name}</Link>
        <Text size="sm" c="dimmed" className="wrap">
          {[addition.serial, reason ? codeText(i18n, reason.code, reason.message) : next].filter(Boolean).join(" · ")}
        </Text>
      </div>
      {settled ? <AddStateBadge state={state} /> : <span className="badge tone-unknown">{t("row_state.running")}</span>}
    </li>
  );
}
