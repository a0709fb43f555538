// What the owner of a device does not let the company do, and the way to ask for it; on the device's page.
import { Alert, Button, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getDevicePermissions, getSite } from "../../api/calls";
import type { Device } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { useDialog } from "../../ui/useDialog";
import { deviceName } from "../devices/address";
import { useMay } from "../session/session";
import { ApplyDialog } from "./ApplyDialog";

/** A permission ends by itself: it is asked again even when nothing else changes. */
const POLL = 30_000;

export function PermissionNote({ device, poll }: { device: Device; poll: number | false }) {
  const { t, i18n } = useTranslation();
  const may = useMay()("handover");
  const applying = useDialog();
  const permissions = useQuery({
    queryKey: ["device permissions", device.id], queryFn: () => getDevicePermissions(device.id), refetchInterval: poll || POLL,
  });
  const owned = permissions.data?.owned === true;
  const site = useQuery({ queryKey: ["site", device.site_id], queryFn: () => getSite(device.site_id), enabled: owned });
  if (!owned || !permissions.data) return null;
  const { items } = permissions.data;
  const lacking = items.filter(({ allowed }) => !allowed).map(({ permission }) => permission);
  const timed = items.filter(({ allowed, valid_until }) => allowed && valid_until);
  const names = (list: typeof lacking) => list.map((permission) => t(`device_permission.${permission}`)).join(", ");
  if (lacking.length === 0 && timed.length === 0) return null;
  return (
    <Alert role="note" className={lacking.length > 0 ? "note note-warn" : "note"} icon={<IconLock aria-hidden="true" />} title={t("grants.owner_decides")}>
      <div className="maintenance-foot">
        <div className="grow">
          {lacking.length > 0 ? <Text size="sm" className="wrap">{t("grants.lacking", { what: names(lacking) })}</Text> : null}
          {timed.map(({ permission, valid_until }) => (
            <Text key={permission} size="sm" className="wrap">
              {t("grants.allowed_until", { what: names([permission]), at: formatInstant(valid_until ?? "", i18n.language) })}
            </Text>
          ))}
        </div>
        {may && lacking.length > 0 && site.data ? (
          <Button variant="default" size="sm" onClick={applying.open}>{t("grants.ask_owner")}</Button>
        ) : null}
      </div>
      {applying.key > 0 && site.data ? (
        <ApplyDialog
          key={applying.key} site={site.data} device={{ id: device.id, name: deviceName(device) }} lacking={lacking}
          opened={applying.opened} onClose={applying.close}
        />
      ) : null}
    </Alert>
  );
}
