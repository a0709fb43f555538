// All sites: search, filters, counts by health, load more.
import { Button, Select, Stack, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconBuildingCommunity, IconHomeHeart, IconPlus, IconSearch, IconZoomExclamation } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { listSites } from "../../api/calls";
import { useLive } from "../../api/live";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { HEALTHS } from "../../ui/HealthBadge";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useDialog } from "../../ui/useDialog";
import { ServeDialog } from "../custody/ServeDialog";
import { ServiceRequests } from "../custody/ServiceRequests";
import { measuredEvery } from "../devices/measured";
import { ExitsBanner } from "../exits/ExitsBanner";
import { useAssigning } from "../managers/useAssigning";
import { useMay, useSession } from "../session/session";
import { SiteCard } from "./SiteCard";
import { SiteDialog } from "./SiteDialog";

const STATUSES = ["not_invited", "not_accepted", "not_authorized", "authorized"];

export function SitesPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const dialog = useDialog();
  const serving = useDialog();
  const [parameters, setParameters] = useSearchParams();
  const filter = { search: parameters.get("search"), status: parameters.get("status"), health: parameters.get("health") };
  const [search] = useDebouncedValue(filter.search?.trim() ?? "", 300);
  const poll = useLive();
  const { poll_period_seconds } = useSession();
  const sites = usePages("sites", { ...filter, search }, listSites, poll || measuredEvery(poll_period_seconds));
  const filtered = Boolean(filter.search || filter.status || filter.health);
  const change = (name: string, value: string | null) =>
    setParameters((before) => {
      if (value) before.set(name, value);
      else before.delete(name);
      return before;
    }, { replace: true });

  const may = useMay();
  const assigning = useAssigning(sites.items);
  const addButton = may("add_site")
    ? <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={dialog.open}>{t("sites.add")}</Button> : null;
  const askButton = may("handover")
    ? <Button variant="default" leftSection={<IconHomeHeart size={18} aria-hidden="true" />} onClick={serving.open}>{t("serve.add_existing")}</Button> : null;
  const [none, noneHint] = !may("manage_all_sites") ? ["sites.none_assigned", "sites.none_assigned_hint"]
    : addButton ? ["sites.add_first", "sites.empty_hint"] : ["sites.none_yet", "sites.none_yet_hint"];
  const nothing = sites.isSuccess && sites.items.length === 0;
  // Where the buttons stand is known with the list: none moves away from under a finger.
  const noActions = sites.isPending || (nothing && !filtered) || assigning.ticks;
  return (
    <Stack gap="lg">
      <PageHead title={t("sites.title")} actions={noActions ? null : <>{addButton}{askButton}{assigning.button}</>} />
      <ExitsBanner poll={poll} everywhere />
      {may("handover") ? <ServiceRequests poll={poll} /> : null}
      {assigning.word}
      {nothing && !filtered ? null : (
        <div className="filters" role="search">
          <TextInput
            className="filters-wide" aria-label={t("sites.search")} placeholder={t("sites.search")} type="search"
            leftSection={<IconSearch size={18} aria-hidden="true" />}
            value={filter.search ?? ""} onChange={(event) => change("search", event.currentTarget.value)}
          />
          <Select
            aria-label={t("sites.filter_status")} placeholder={t("sites.any_status")} clearable
            clearButtonProps={{ "aria-label": t("sites.any_status") }}
            data={STATUSES.map((value) => ({ value, label: t(`site_status.${value}`) }))}
            value={filter.status} onChange={(value) => change("status", value)}
          />
          <Select
            aria-label={t("sites.filter_health")} placeholder={t("sites.any_health")} clearable
            clearButtonProps={{ "aria-label": t("sites.any_health") }}
            data={HEALTHS.map((value) => ({ value, label: t(`health.${value}`) }))}
            value={filter.health} onChange={(value) => change("health", value)}
          />
        </div>
      )}
      {sites.isError ? <ErrorNote error={sites.error} onRetry={() => void sites.refetch()} /> : null}
      {sites.isPending ? <LoadingRows /> : null}
      {nothing && filtered ? (
        <Empty Icon={IconZoomExclamation} title={t("sites.none")} hint={t("sites.none_hint")}>
          <Button variant="default" onClick={() => setParameters({}, { replace: true })}>{t("do.clear")}</Button>
        </Empty>
      ) : null}
      {nothing && !filtered ? (
        <Empty Icon={IconBuildingCommunity} title={t(none)} hint={t(noneHint)}>{addButton}{askButton}</Empty>
      ) : null}
      {sites.items.length > 0 && assigning.ticks ? assigning.ticks : null}
      {sites.items.length > 0 && !assigning.ticks ? (
        <ul className="site-list" aria-label={t("sites.title")}>
          {sites.items.map((site) => <SiteCard key={site.id} site={site} />)}
        </ul>
      ) : null}
      <MoreButton list={sites} />
      <SiteDialog
        key={dialog.key} opened={dialog.opened} onClose={dialog.close}
        onSaved={(site) => void navigate(`/sites/${site.id}`)}
      />
      {serving.key > 0 ? <ServeDialog key={`serve${serving.key}`} opened={serving.opened} onClose={serving.close} /> : null}
      {assigning.dialog}
    </Stack>
  );
}
