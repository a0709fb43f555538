// Additions of a site that are not finished: whoever comes back finds them here and goes on.
import { Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listAdditions } from "../../api/calls";
import { KindIcon } from "../../ui/KindIcon";
import { AddStateBadge } from "./AddStateBadge";
import { isFinal } from "./additionState";

/** So many are listed; a batch may leave hundreds. */
const SHOWN = 20;

export function OpenAdditions({ siteId, poll }: { siteId: string; poll: number | false }) {
  const { t } = useTranslation();
  const list = useQuery({ queryKey: ["additions", siteId], queryFn: () => listAdditions(siteId), refetchInterval: poll });
  const open = list.data?.items.filter((one) => !isFinal(one)) ?? [];
  if (open.length === 0) return null;
  return (
    <section className="card" aria-labelledby="additions-title">
      <Title order={2} fz="h4" id="additions-title">{t("addition.open")}</Title>
      <Text size="sm" c="dimmed">{t("addition.open_hint")}</Text>
      <ul className="line-list">
        {open.slice(0, SHOWN).map((addition) => (
          <li key={addition.id} className="line">
            <KindIcon kind={addition.kind} />
            <div className="grow">
              <Link to={`?addition=${addition.id}`} className="line-name">{addition.name || addition.model || addition.serial}</Link>
              <Text size="sm" c="dimmed"><span className="mono">{addition.serial}</span> · {t(`next_step.${addition.next}`)}</Text>
            </div>
            <AddStateBadge state={addition.state} />
          </li>
        ))}
      </ul>
      {open.length > SHOWN ? <Text size="sm" c="dimmed">+ {open.length - SHOWN}</Text> : null}
    </section>
  );
}
