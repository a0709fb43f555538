// What others share with an end user: of which place, by whom, what of it, and how it is. Theirs to name and to give up.
import { Anchor, Button, Group, Stack, Text, TextInput, Title, VisuallyHidden } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { leaveMyShare, renameMyShare } from "../../api/calls";
import type { DeviceHealth, ReceivedShare, SharePermission } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { HealthBadge } from "../../ui/HealthBadge";
import { KindIcon } from "../../ui/KindIcon";
import { useDialog } from "../../ui/useDialog";
import { SharedLines } from "./SharedLines";

export function ReceivedShares({ shares }: { shares: ReceivedShare[] }) {
  const { t } = useTranslation();
  if (shares.length === 0) return null;
  return (
    <section aria-labelledby="my-shares-title">
      <VisuallyHidden><h2 id="my-shares-title">{t("my_shares.title")}</h2></VisuallyHidden>
      <Stack gap="md">
        {shares.map((share) => <ShareCard key={share.id} share={share} />)}
      </Stack>
    </section>
  );
}

function ShareCard({ share }: { share: ReceivedShare }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const renaming = useDialog();
  const leaving = useDialog();
  const again = () => void client.invalidateQueries({ queryKey: ["my shares"] });
  const title = share.name ?? share.site_name;
  return (
    <article className="card" aria-label={title}>
      <div className="card-top card-top-stack">
        <div className="grow">
          <Title order={3} fz="h4" className="wrap">{title}</Title>
          <Text size="sm" c="dimmed" className="wrap">
            {[share.name ? share.site_name : "", share.site_address].filter(Boolean).join(" · ")}
          </Text>
          <Text size="sm" c="dimmed" className="wrap">
            {`${t("my_shares.from", { name: share.giver_name })} · ${t("custody.since", { at: formatInstant(share.created_at, i18n.language) })}`}
          </Text>
        </div>
        <Group gap="xs">
          <Button variant="default" size="sm" aria-label={`${t("my_shares.rename")}: ${title}`} onClick={renaming.open}>{t("my_shares.rename")}</Button>
          <Button variant="default" size="sm" aria-label={`${t("my_shares.leave")}: ${title}`} onClick={leaving.open}>{t("my_shares.leave")}</Button>
        </Group>
      </div>
      <ul className="line-list" aria-label={t("my_shares.channels")}>
        {devicesOf(share).map((device) => (
          <li className="line shared-device" key={device.device_id}>
            <KindIcon kind={device.device_kind} />
            <div className="grow">
              {device.shows ? (
                <Anchor component={Link} to={`/my/shared/${device.device_id}`} fw={600} className="wrap" underline="always">{device.device_name || t("devices.unnamed")}</Anchor>
              ) : <Text fw={600} className="wrap">{device.device_name || t("devices.unnamed")}</Text>}
              {device.serial ? <Text size="sm" c="dimmed" className="wrap mono">{device.serial}</Text> : null}
              <SharedLines channels={device.channels} bare label={`${t("sharing.what")}: ${device.device_name}`} />
            </div>
            <HealthBadge health={device.health} />
          </li>
        ))}
      </ul>
      {renaming.key > 0 ? <RenameDialog key={`rename${renaming.key}`} share={share} opened={renaming.opened} onClose={renaming.close} onDone={again} /> : null}
      <ConfirmDialog
        key={leaving.key} opened={leaving.opened} onClose={leaving.close} title={t("my_shares.leave_title", { name: title })}
        text={t("my_shares.leave_text", { giver: share.giver_name })} action={t("my_shares.leave")} run={() => leaveMyShare(share.id)}
        onDone={() => {
          leaving.close();
          again();
        }}
      />
    </article>
  );
}

type Channel = ReceivedShare["channels"][number];
interface OfDevice extends Pick<Channel, "device_id" | "device_name" | "device_kind" | "serial"> { health: DeviceHealth; shows: boolean; channels: Channel[] }

/** What of a device there is to look at. */
const SEEN: SharePermission[] = ["live_view", "playback", "alarm"];

function devicesOf({ channels }: ReceivedShare): OfDevice[] {
  const devices = new Map<string, OfDevice>();
  for (const channel of channels) {
    const { device_id, device_name, device_kind, serial, health } = channel;
    const device = devices.get(device_id) ?? { device_id, device_name, device_kind, serial, health, shows: false, channels: [] };
    device.channels.push(channel);
    device.shows ||= channel.permissions.some((permission) => SEEN.includes(permission));
    devices.set(device_id, device);
  }
  return [...devices.values()];
}

function RenameDialog({ share, opened, onClose, onDone }: { share: ReceivedShare; opened: boolean; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(share.name ?? "");
  const saving = useMutation({
    mutationFn: () => renameMyShare(share.id, name.trim()),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("my_shares.rename_title")} size={460}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack>
          <TextInput
            label={t("my_shares.name")} description={t("my_shares.name_hint", { site: share.site_name })} maxLength={128} data-autofocus autoComplete="off"
            value={name} onChange={(event) => setName(event.currentTarget.value)}
          />
          <ErrorNote error={saving.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={saving.isPending}>{t("do.save")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
