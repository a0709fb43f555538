// What went wrong, one card a cause.
import { Button, SegmentedControl, Stack } from "@mantine/core";
import { IconHistory, IconShieldCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { listIncidents } from "../../api/calls";
import { useLive } from "../../api/live";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { IncidentCard } from "./IncidentCard";

const SHOWN = { open: true, closed: false, all: null } as const;
type Show = keyof typeof SHOWN;

export function IncidentsPage() {
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get("show") ?? "open";
  const show: Show = asked in SHOWN ? (asked as Show) : "open";
  const poll = useLive();
  const list = usePages("incidents", { open: SHOWN[show] }, listIncidents, poll);
  return (
    <Stack gap="lg">
      <PageHead
        title={t("incidents.title")} hint={t("incidents.hint")}
        actions={<Button component={Link} to="/exceptions" variant="default">{t("incidents.each")}</Button>}
      />
      <div className="filters">
        <SegmentedControl
          aria-label={t("exceptions.filter")} value={show} size="md" onChange={(value) => setParameters({ show: value }, { replace: true })}
          data={(Object.keys(SHOWN) as Show[]).map((value) => ({ value, label: t(`exceptions.${value}`) }))}
        />
      </div>
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <LoadingRows /> : null}
      {list.isSuccess && list.items.length === 0 ? (
        <Empty
          Icon={show === "open" ? IconShieldCheck : IconHistory}
          title={t(show === "open" ? "exceptions.none_open" : "incidents.none")}
          hint={t(show === "open" ? "incidents.none_open_hint" : "exceptions.none_hint")}
        />
      ) : null}
      {list.items.length > 0 ? (
        <ul className="plain-list incident-list" aria-label={t("incidents.title")}>
          {list.items.map((incident) => <IncidentCard key={incident.id} incident={incident} />)}
        </ul>
      ) : null}
      <MoreButton list={list} />
    </Stack>
  );
}
