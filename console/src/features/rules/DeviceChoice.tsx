// One device of a site, found by typing.
import { Select } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listDevices } from "../../api/calls";

export interface ChosenDevice { id: string; name: string }

interface Properties {
  siteId: string; value: ChosenDevice | null; label: string; error?: string; hideLabel?: boolean;
  onChange: (device: ChosenDevice | null) => void; clearable?: boolean;
}

export function DeviceChoice({ siteId, value, label, error, hideLabel = false, onChange, clearable = false }: Properties) {
  const { t } = useTranslation();
  const [search, setSearch] = useState("");
  // What is chosen stands in the field; that is no search.
  const asked = search === value?.name ? "" : search;
  const devices = useQuery({
    queryKey: ["devices", "choice", siteId, asked], placeholderData: keepPreviousData,
    queryFn: () => listDevices({ site_id: siteId, search: asked || null, limit: 20 }),
  });
  const found = (devices.data?.items ?? []).map(({ id, name }) => ({ id, name: name || t("devices.unnamed") }));
  const all = value && !found.some(({ id }) => id === value.id) ? [value, ...found] : found;
  return (
    <Select
      {...(hideLabel ? { "aria-label": label, placeholder: label } : { label })}
      searchable clearable={clearable} clearButtonProps={{ "aria-label": t("do.clear") }} value={value?.id ?? null} error={error}
      data={all.map(({ id, name }) => ({ value: id, label: name }))} onSearchChange={setSearch}
      filter={({ options }) => options} nothingFoundMessage={devices.isFetching ? undefined : t("rules.no_device")}
      onChange={(id) => onChange(all.find((device) => device.id === id) ?? null)}
    />
  );
}
