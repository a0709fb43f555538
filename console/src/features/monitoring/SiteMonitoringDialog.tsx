// Switches health monitoring of all devices of a site, or of those that are ticked.
import { Button, Checkbox, Group, Radio, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listDevices, setSiteMonitoring } from "../../api/calls";
import type { Site } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { deviceName } from "../devices/address";
import { Consequences } from "./Consequences";
import { UnwatchedBadge } from "./UnwatchedBadge";

export function SiteMonitoringDialog({ site, opened, onClose }: { site: Site; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [which, setWhich] = useState("all");
  const [ticked, setTicked] = useState<string[]>([]);
  // Another key than that of a plain list of the same devices, which is kept in another form.
  const devices = usePages("devices", { site_id: site.id, search: "", limit: 100 }, listDevices, false);
  const setting = useMutation({
    mutationFn: (on: boolean) => setSiteMonitoring(site.id, which === "all" ? { on } : { on, device_ids: ticked }),
    onSuccess: () => {
      for (const key of ["devices", "device", "site", "sites", "exceptions"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
  const none = which === "some" && ticked.length === 0;
  const done = setting.data;
  return (
    <Dialog opened={opened} onClose={onClose} title={t("monitoring.site_title")} size={640}>
      <Stack>
        <Radio.Group label={t("monitoring.which")} value={which} onChange={setWhich}>
          <Stack gap="xs" mt="xs">
            <Radio value="all" label={t("monitoring.all", { count: site.devices.total })} />
            <Radio value="some" label={t("monitoring.some")} />
          </Stack>
        </Radio.Group>
        {which === "some" && devices.isPending ? <LoadingRows height={40} rows={4} /> : null}
        <ErrorNote error={devices.error} />
        {which === "some" && devices.items.length > 0 ? (
          <Checkbox.Group label={t("devices.title")} value={ticked} onChange={setTicked}>
            <Stack gap="xs" mt="xs">
              {devices.items.map((device) => (
                <Group key={device.id} gap="sm" wrap="nowrap" justify="space-between">
                  <Checkbox value={device.id} label={deviceName(device)} className="wrap" />
                  <UnwatchedBadge monitoring={device.monitoring} />
                </Group>
              ))}
              <MoreButton list={devices} />
            </Stack>
          </Checkbox.Group>
        ) : null}
        <div>
          <Text fw={600}>{t("monitoring.means")}</Text>
          <Consequences />
        </div>
        <ErrorNote error={setting.error} />
        <Text role="status">
          {done ? t(setting.variables ? "monitoring.site_on" : "monitoring.site_off", { count: done.changed }) : ""}
          {done && done.unchanged > 0 ? ` ${t("monitoring.site_same", { count: done.unchanged })}` : ""}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t("do.close")}</Button>
          <Button variant="default" disabled={none} loading={setting.isPending && setting.variables === true} onClick={() => setting.mutate(true)}>
            {t("monitoring.switch_on")}
          </Button>
          <Button className="danger" disabled={none} loading={setting.isPending && setting.variables === false} onClick={() => setting.mutate(false)}>
            {t("monitoring.switch_off")}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
