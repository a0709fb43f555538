// Who runs what: models and firmwares of the whole company, the known-vulnerable ones first.
import { Button, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconSearch, IconVersions, IconZoomExclamation } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { getFleet } from "../../api/calls";
import type { FleetGroup } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { formatDay } from "../../texts/times";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { KindIcon, KINDS } from "../../ui/KindIcon";
import { LoadingRows } from "../../ui/LoadingRows";
import { FleetActions } from "../upgrades/FleetActions";
import { CompatibilityNote } from "./CompatibilityNote";
import { groupAddress, shownGroups } from "./groups";
import { VerdictBadge, VERDICTS } from "./VerdictBadge";

/** Groups drawn at once; there may be thousands. */
const STEP = 100;

export function FleetPage() {
  const { t, i18n } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const [most, setMost] = useState(STEP);
  const kind = parameters.get("kind");
  const filter = { search: parameters.get("search") ?? "", kind, verdict: parameters.get("verdict") };
  const fleet = useQuery({ queryKey: ["fleet", kind], queryFn: () => getFleet({ kind }), placeholderData: (before) => before });
  const groups = shownGroups(fleet.data?.groups ?? [], filter, VERDICTS);
  const filtered = Boolean(filter.search || filter.kind || filter.verdict);
  const change = (name: string, value: string | null) => {
    setMost(STEP);
    setParameters((before) => {
      if (value) before.set(name, value);
      else before.delete(name);
      return before;
    }, { replace: true });
  };
  return (
    <Stack gap="lg">
      <PageHead title={t("fleet.title")} hint={t("fleet.hint")} actions={<FleetActions />} />
      <div className="filters" role="search">
        <TextInput
          className="filters-wide" aria-label={t("fleet.search")} placeholder={t("fleet.search")} type="search"
          leftSection={<IconSearch size={18} aria-hidden="true" />}
          value={filter.search} onChange={(event) => change("search", event.currentTarget.value)}
        />
        <Select
          aria-label={t("devices.kind")} placeholder={t("fleet.any_kind")} clearable
          clearButtonProps={{ "aria-label": t("fleet.any_kind") }}
          data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={filter.kind} onChange={(value) => change("kind", value)}
        />
        <Select
          aria-label={t("fleet.verdict")} placeholder={t("fleet.any_verdict")} clearable
          clearButtonProps={{ "aria-label": t("fleet.any_verdict") }}
          data={VERDICTS.map((value) => ({ value, label: t(`verdict.${value}`) }))}
          value={filter.verdict} onChange={(value) => change("verdict", value)}
        />
      </div>
      {fleet.isError ? <ErrorNote error={fleet.error} onRetry={() => void fleet.refetch()} /> : null}
      {fleet.isPending ? <LoadingRows height={64} /> : null}
      {fleet.isSuccess && groups.length === 0 ? (
        <Empty
          Icon={filtered ? IconZoomExclamation : IconVersions}
          title={t(filtered ? "fleet.none" : "fleet.empty")} hint={t(filtered ? "fleet.none_hint" : "fleet.empty_hint")}
        >
          {filtered ? <Button variant="default" onClick={() => setParameters({}, { replace: true })}>{t("do.clear")}</Button> : null}
        </Empty>
      ) : null}
      {groups.length > 0 ? (
        <ul className="card line-list" aria-label={t("fleet.title")}>
          {groups.slice(0, most).map((group) => <GroupLine key={`${group.kind}\n${group.model}\n${group.firmware}`} group={group} />)}
        </ul>
      ) : null}
      {groups.length > most ? <Button variant="default" mx="auto" onClick={() => setMost(most + STEP)}>{t("do.more")}</Button> : null}
      {fleet.data?.more ? <Text size="sm">{t("fleet.cut")}</Text> : null}
      {fleet.data ? <Text size="sm" c="dimmed">{t("fleet.as_of", { at: formatDay(fleet.data.vulnerabilities_as_of, i18n.language) })}</Text> : null}
    </Stack>
  );
}

function GroupLine({ group }: { group: FleetGroup }) {
  const { t } = useTranslation();
  return (
    <li className="line">
      <KindIcon kind={group.kind} />
      <div className="grow">
        <Link to={groupAddress(group)} className="line-name">{group.model || t("fleet.no_model")}</Link>
        <Text size="sm" c="dimmed" className="wrap">{group.firmware || t("firmware.not_told")}</Text>
        {group.cves.length > 0 ? <Text size="sm" className="wrap">{group.cves.join(", ")}</Text> : null}
        <CompatibilityNote lost={group.compatibility} />
      </div>
      <div className="line-end">
        <Text size="sm" component="span">{t("fleet.count", { count: group.devices })}</Text>
        <VerdictBadge verdict={group.verdict} />
      </div>
    </li>
  );
}
