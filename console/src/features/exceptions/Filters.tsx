// The filters of the list of exceptions. The rarer ones are folded away until somebody wants them.
import { Button, NativeSelect, NumberInput, Pill, SegmentedControl, Select, TextInput } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { getDevice, getSite, listSites } from "../../api/calls";
import { DeviceChoice } from "../rules/DeviceChoice";
import { EXCEPTION_KINDS, SEVERITIES } from "../rules/choices";
import { narrowing, showOf, SHOWN, SPANS, type Show } from "./exceptionFilter";

interface Properties { parameters: URLSearchParams; change: (parts: Record<string, string | null>) => void }

export function Filters({ parameters, change }: Properties) {
  const { t } = useTranslation();
  const count = narrowing(parameters);
  const [more, setMore] = useState(count > 0);
  const site = parameters.get("site");
  const device = parameters.get("device");
  const time = parameters.get("time") ?? "";
  const cause = parameters.get("cause");
  const causeName = parameters.get("cause_name") || t("devices.unnamed");
  const found = useQuery({ queryKey: ["device", device], queryFn: () => getDevice(device ?? ""), enabled: device !== null });
  return (
    <>
      <div className="filters">
        <SegmentedControl
          aria-label={t("exceptions.filter")} value={showOf(parameters)} onChange={(value) => change({ show: value })} size="md"
          data={(Object.keys(SHOWN) as Show[]).map((value) => ({ value, label: t(`exceptions.${value}`) }))}
        />
        <Select
          aria-label={t("exceptions.kind")} placeholder={t("exceptions.any_kind")} clearable searchable value={parameters.get("kind")}
          clearButtonProps={{ "aria-label": t("exceptions.any_kind") }}
          data={EXCEPTION_KINDS.map((value) => ({ value, label: t(`exception_kind.${value}`) }))}
          onChange={(value) => change({ kind: value })}
        />
        <Button
          variant="default" size="md" className="more-filters" aria-expanded={more} leftSection={<IconFilter size={18} aria-hidden="true" />} onClick={() => setMore(!more)}
        >
          {count > 0 ? `${t("exceptions.more_filters")} (${count})` : t("exceptions.more_filters")}
        </Button>
      </div>
      {more ? (
        <div className="filters filters-more" role="group" aria-label={t("exceptions.more_filters")}>
          <NativeSelect
            label={t("exceptions.severity")} value={parameters.get("severity") ?? ""} onChange={(event) => change({ severity: event.currentTarget.value })}
            data={[{ value: "", label: t("exceptions.any_severity") }, ...SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))]}
          />
          <NativeSelect
            label={t("exceptions.time")} value={time} onChange={(event) => change({ time: event.currentTarget.value, from: null, to: null })}
            data={[{ value: "", label: t("exceptions.any_time") }, ...SPANS.map((value) => ({ value, label: t(`exceptions.${value}`) }))]}
          />
          {time === "own" ? (["from", "to"] as const).map((name) => (
            <TextInput
              key={name} type="date" label={t(`exceptions.${name}`)} value={parameters.get(name) ?? ""}
              onChange={(event) => change({ [name]: event.currentTarget.value })}
            />
          )) : null}
          <SiteChoice value={site} onChange={(id) => change({ site: id, device: null, channel: null })} />
          {site ? (
            <DeviceChoice
              siteId={site} label={t("exceptions.device")} clearable value={device ? { id: device, name: found.data?.name || t("devices.unnamed") } : null}
              onChange={(chosen) => change({ device: chosen?.id ?? null, channel: null })}
            />
          ) : null}
          {device ? (
            <NumberInput
              label={t("exceptions.channel")} min={1} max={65_535} allowDecimal={false} allowNegative={false} w={110}
              value={parameters.get("channel") ?? ""} onChange={(value) => change({ channel: value === "" ? null : String(value) })}
            />
          ) : null}
        </div>
      ) : null}
      {cause ? (
        <div>
          <Pill
            size="lg" withRemoveButton onRemove={() => change({ cause: null, cause_name: null })}
            removeButtonProps={{ "aria-label": t("do.clear"), "aria-hidden": false, tabIndex: 0 }}
          >
            {t("exceptions.cause", { name: causeName })}
          </Pill>
        </div>
      ) : null}
    </>
  );
}

function SiteChoice({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  const chosen = useQuery({ queryKey: ["site", value], queryFn: () => getSite(value ?? ""), enabled: value !== null });
  // What is chosen stands in the field; that is no search.
  const asked = search === chosen.data?.name ? "" : search;
  const sites = useQuery({ queryKey: ["sites", "choice", asked], queryFn: () => listSites({ search: asked || null, limit: 20 }) });
  const found = sites.data?.items ?? [];
  const all = chosen.data && !found.some(({ id }) => id === value) ? [chosen.data, ...found] : found;
  return (
    <Select
      label={t("exceptions.site")} placeholder={t("exceptions.any_site")} searchable clearable value={value}
      clearButtonProps={{ "aria-label": t("exceptions.any_site") }} data={all.map(({ id, name }) => ({ value: id, label: name }))}
      onSearchChange={setSearch} filter={({ options }) => options} onChange={onChange}
    />
  );
}
