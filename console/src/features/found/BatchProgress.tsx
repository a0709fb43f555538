// A batch at work: what is added, what waits by itself, and what needs a person.
import { Button, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { getAddition } from "../../api/calls";
import type { Addition } from "../../api/types";
import { codeText } from "../../texts/errors";
import { KindIcon } from "../../ui/KindIcon";
import { AddStateBadge } from "../additions/AddStateBadge";
import { countsOf, isSettled } from "./progress";

const ASK_EVERY = 2_000;

export function BatchProgress({ siteId, ids, onMore }: { siteId: string; ids: string[]; onMore: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const items = useQueries({
    queries: ids.map((id) => ({
      queryKey: ["addition", id], queryFn: () => getAddition(id),
      refetchInterval: ({ state }: { state: { data?: Addition } }) => (state.data && isSettled(state.data) ? false as const : ASK_EVERY),
    })),
  }).map(({ data }) => data).filter((one) => one !== undefined);
  const { added, asking, total } = countsOf(items, ids.length);
  const over = added + asking === total;
  useEffect(() => {
    for (const name of ["devices", "site", "sites"]) void client.invalidateQueries({ queryKey: [name] });
  }, [client, added]);
  return (
    <Stack>
      <Title order={2} fz="h4">{t(over ? "found.over" : "scan.progress_title")}</Title>
      <Progress value={(100 * (added + asking)) / total} size="lg" animated={!over} aria-label={t("scan.progress_title")} />
      <Text role="status">
        {t("scan.added", { count: added })}{asking > 0 ? ` · ${t("found.asking", { count: asking })}` : ""}
        {over ? "" : ` · ${t("scan.progress", { n: added + asking, total })}`}
      </Text>
      {over ? null : <Text size="sm" c="dimmed">{t("found.leave")}</Text>}
      <ul className="card line-list" aria-label={t("found.title")}>
        {items.map((addition) => <ProgressLine key={addition.id} siteId={siteId} addition={addition} />)}
      </ul>
      <Group className="button-pair">
        <Button component={Link} to={`/sites/${siteId}`} size="lg">{t("unbind.to_site")}</Button>
        <Button variant="default" size="lg" onClick={onMore}>{t("found.more")}</Button>
      </Group>
    </Stack>
  );
}

function ProgressLine({ siteId, addition }: { siteId: string; addition: Addition }) {
  const { t, i18n } = useTranslation();
  const { state, reason, device_id } = addition;
  const name = addition.name || addition.model || addition.serial;
  const to = state === "added" && device_id ? `/devices/${device_id}` : `/sites/${siteId}?addition=${addition.id}`;
  return (
    <li className="line">
      <KindIcon kind={addition.kind} />
      <div className="grow">
        <Link to={to} className="line-name">{name}</Link>
        <Text size="sm" c="dimmed" className="wrap">
          <span className="mono">{addition.serial}</span>
          {reason ? ` · ${codeText(i18n, reason.code, reason.message)}` : isSettled(addition) && state !== "added" ? ` · ${t(`next_step.${addition.next}`)}` : ""}
        </Text>
      </div>
      <AddStateBadge state={state} />
    </li>
  );
}
