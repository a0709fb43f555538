// The devices of a site, live.
import { Stack, TextInput, VisuallyHidden } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconDeviceCctv, IconSearch } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { listDevices } from "../../api/calls";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useSession } from "../session/session";
import { DeviceCard } from "./DeviceCard";
import { measuredEvery } from "./measured";

/** From this many devices on there is a search field. */
const SEARCH_FROM = 8;

export function DeviceList({ siteId, poll, ways }: { siteId: string; poll: number | false; ways: ReactNode }) {
  const { t } = useTranslation();
  const { poll_period_seconds } = useSession();
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), 300);
  const devices = usePages("devices", { site_id: siteId, search, limit: 50 }, listDevices, poll || measuredEvery(poll_period_seconds));
  if (devices.isPending) return <LoadingRows height={130} />;
  if (devices.isError) return <ErrorNote error={devices.error} onRetry={() => void devices.refetch()} />;
  if (devices.items.length === 0 && !search) {
    return <Empty Icon={IconDeviceCctv} title={t("devices.empty")} hint={t("devices.empty_hint")}>{ways}</Empty>;
  }
  return (
    <Stack component="section" aria-labelledby="devices-title">
      <VisuallyHidden><h2 id="devices-title">{t("devices.title")}</h2></VisuallyHidden>
      {search || text || devices.items.length >= SEARCH_FROM ? (
        <TextInput
          type="search" aria-label={t("devices.search")} placeholder={t("devices.search")} maw={420}
          leftSection={<IconSearch size={18} aria-hidden="true" />}
          value={text} onChange={(event) => setText(event.currentTarget.value)}
        />
      ) : null}
      {devices.items.length === 0 ? <Empty Icon={IconSearch} title={t("devices.none")} /> : (
        <ul className="device-list">
          {devices.items.map((device) => <DeviceCard key={device.id} device={device} />)}
        </ul>
      )}
      <MoreButton list={devices} />
    </Stack>
  );
}
