// When somebody works on a site: begin now, plan, and end; while it lasts a banner says so.
import { Alert, Button, Menu, Text, Title } from "@mantine/core";
import { IconCalendarPlus, IconChevronDown, IconClockPlay, IconTool } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { createMaintenanceWindow, endMaintenanceWindow, listMaintenanceWindows } from "../../api/calls";
import type { MaintenanceWindow, Site } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { formatThere } from "../managers/zonedTime";
import { useMay } from "../session/session";
import { MaintenanceDialog } from "./MaintenanceDialog";

const HOURS = [1, 2, 4];
/** A window begins and ends by itself: it is asked again even when nothing else changes. */
const POLL = 30_000;

export function useMaintenance(siteId: string) {
  return useQuery({ queryKey: ["maintenance", siteId], queryFn: () => listMaintenanceWindows(siteId), refetchInterval: POLL });
}

function useEnding(siteId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => endMaintenanceWindow(siteId, id),
    onSettled: () => client.invalidateQueries({ queryKey: ["maintenance", siteId] }),
  });
}

function title(t: ReturnType<typeof useTranslation>["t"], { device_id, device_name }: MaintenanceWindow): string {
  return device_id ? t("maintenance.of_device", { name: device_name || t("devices.unnamed") }) : t("maintenance.of_site");
}

/** Says that nobody is told just now; on the page of the site, or of one of its devices. */
export function MaintenanceBanner({ siteId, deviceId }: { siteId: string; deviceId?: string }) {
  const { t, i18n } = useTranslation();
  const may = useMay()("view_exceptions");
  const windows = useMaintenance(siteId);
  const ending = useEnding(siteId);
  const zone = windows.data?.time_zone ?? "UTC";
  const active = (windows.data?.items ?? []).filter(
    ({ active: on, device_id }) => on && (!deviceId || device_id === null || device_id === deviceId),
  );
  return (
    <div role="status" className="said">
      {active.map((window) => (
        <Alert
          key={window.id} role="note" className="note note-warn" icon={<IconTool aria-hidden="true" />}
          title={t("maintenance.now", { what: title(t, window), at: formatThere(window.ends_at, zone, i18n.language) })}
        >
          <div className="maintenance-foot">
            <span className="grow wrap">{[t("maintenance.quiet"), window.note].filter(Boolean).join(" ")}</span>
            {may ? (
              <Button variant="default" size="sm" loading={ending.isPending} onClick={() => ending.mutate(window.id)}>
                {t(window.repeats === "weekly" ? "maintenance.end_weekly" : "maintenance.end")}
              </Button>
            ) : null}
          </div>
        </Alert>
      ))}
      <ErrorNote error={ending.error} />
    </div>
  );
}

export function MaintenanceCard({ site }: { site: Site }) {
  const { t, i18n } = useTranslation();
  const may = useMay()("view_exceptions");
  const client = useQueryClient();
  const planning = useDialog();
  const windows = useMaintenance(site.id);
  const ending = useEnding(site.id);
  const beginning = useMutation({
    mutationFn: (hours: number) => createMaintenanceWindow(site.id, { minutes: hours * 60, repeats: "once" }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["maintenance", site.id] }),
  });
  if (!may || !windows.data) return null;
  const zone = windows.data.time_zone;
  const planned = windows.data.items.filter(({ active, repeats }) => !active || repeats === "weekly");
  return (
    <section className="card" aria-labelledby="maintenance-title">
      <div className="card-top">
        <div className="grow">
          <Title order={2} fz="h4" id="maintenance-title">{t("maintenance.title")}</Title>
          <Text size="sm" c="dimmed">{t("maintenance.hint")}</Text>
        </div>
        <Menu position="bottom-end" shadow="md" width={250}>
          <Menu.Target>
            <Button variant="default" size="sm" loading={beginning.isPending} rightSection={<IconChevronDown size={16} aria-hidden="true" />}>
              {t("maintenance.begin")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {HOURS.map((hours) => (
              <Menu.Item key={hours} leftSection={<IconClockPlay size={18} aria-hidden="true" />} onClick={() => beginning.mutate(hours)}>
                {t("maintenance.now_for", { count: hours })}
              </Menu.Item>
            ))}
            <Menu.Item leftSection={<IconCalendarPlus size={18} aria-hidden="true" />} onClick={planning.open}>{t("maintenance.plan")}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <ErrorNote error={beginning.error ?? ending.error} />
      {planned.length > 0 ? (
        <ul className="line-list">
          {planned.map((window) => (
            <li key={window.id} className="line rule-line">
              <div className="grow">
                <Text fw={600} className="wrap">{title(t, window)}</Text>
                <Text size="sm" className="wrap">
                  {t(window.repeats === "weekly" ? "maintenance.weekly" : "maintenance.once", {
                    from: formatThere(window.starts_at, zone, i18n.language), to: formatThere(window.ends_at, zone, i18n.language), zone,
                  })}
                </Text>
                <Text size="sm" c="dimmed" className="wrap">{[window.note, window.created_by].filter(Boolean).join(" · ")}</Text>
              </div>
              <Button variant="default" size="sm" loading={ending.isPending && ending.variables === window.id} onClick={() => ending.mutate(window.id)}>
                {t("maintenance.cancel")}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {planning.key > 0 ? <MaintenanceDialog key={planning.key} site={site} opened={planning.opened} onClose={planning.close} /> : null}
    </section>
  );
}
