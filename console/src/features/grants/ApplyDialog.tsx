// Asks the owner of a site: for its authorization where that is missing, and for permissions for its devices.
import { Alert, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconMailForward } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createGrantRequest } from "../../api/calls";
import type { Device, DevicePermission, Site } from "../../api/types";
import { fieldError } from "../../texts/errors";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { allDevices } from "../devices/allDevices";
import { asksOf, NOTHING, PERMISSIONS, type Choice } from "../handover/handoverState";
import { PermissionFields } from "../handover/PermissionFields";

interface Properties {
  site: Pick<Site, "id" | "name" | "status">; opened: boolean; onClose: () => void;
  /** From the page of a device: only this one, and what it lacks. */
  device?: Pick<Device, "id" | "name">; lacking?: DevicePermission[];
}

/** What is chosen at first: from the page of a device what it lacks, for an hour. */
function first(lacking: DevicePermission[]): Choice {
  const one = (permission: DevicePermission) => ({ ...NOTHING[permission], on: lacking.length === 1 && lacking[0] === permission, validity: "1h" as const });
  return { configuration: one("configuration"), live_view: one("live_view"), playback: one("playback") };
}

export function ApplyDialog({ site, opened, onClose, device, lacking = [] }: Properties) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const forSite = site.status === "not_authorized";
  const [choice, setChoice] = useState<Choice>(() => first(lacking));
  const [remark, setRemark] = useState("");
  const [tried, setTried] = useState(false);
  const all = useQuery({ queryKey: ["devices", "of site", site.id], queryFn: () => allDevices(site.id), enabled: opened && !device });
  const devices = device ? [device] : all.data;
  const asks = asksOf(forSite, choice, devices ?? []);
  const isEmpty = !asks.site && (asks.devices ?? []).length === 0;
  const asking = useMutation({
    mutationFn: () => createGrantRequest(site.id, { ...asks, remark: remark.trim() }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["grant_requests"] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isEmpty) asking.mutate();
  };
  const title = device ? t("grants.apply_device_title", { name: device.name || t("devices.unnamed") })
    : t(forSite ? "grants.apply_site_title" : "grants.apply_title", { site: site.name });
  if (asking.data) {
    return (
      <Dialog opened={opened} onClose={onClose} title={title}>
        <Stack>
          <Alert role="status" className="note note-good" icon={<IconMailForward aria-hidden="true" />}>{t("grants.applied")}</Alert>
          <Group justify="flex-end"><Button onClick={onClose} data-autofocus>{t("do.done")}</Button></Group>
        </Stack>
      </Dialog>
    );
  }
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text c="dimmed" size="sm">{t(forSite ? "grants.apply_site_text" : "grants.apply_text")}</Text>
          {devices?.length === 0 ? null : PERMISSIONS.map((permission) => (
            <PermissionFields
              key={permission} permission={permission} devices={devices} chosen={choice[permission]} alone={device !== undefined}
              onChange={(chosen) => setChoice({ ...choice, [permission]: chosen })}
            />
          ))}
          <Textarea
            label={t("grants.remark")} maxLength={500} autosize minRows={2} maxRows={5} value={remark}
            error={fieldError(i18n, asking.error, "remark")} onChange={(event) => setRemark(event.currentTarget.value)}
          />
          {tried && isEmpty ? <Text role="alert" size="sm" className="error-text">{t("grants.nothing_chosen")}</Text> : null}
          <ErrorNote error={asking.error ?? all.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={asking.isPending} disabled={!devices}>{t("grants.send")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
