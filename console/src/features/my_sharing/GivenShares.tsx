// What an owner shares with whom, by device or by person: to change, or to take back.
import { Button, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listGivenShares, removeGivenShare, removeGivenSharesOf } from "../../api/calls";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useAllPages } from "../../ui/pages";
import { useDialog } from "../../ui/useDialog";
import { EditShareDialog } from "./EditShareDialog";
import { byDevice, byPerson, type Part, type Sorted } from "./lists";
import { SharedLines } from "./SharedLines";

type Order = "device" | "person";

export function GivenShares({ deviceId, poll }: { deviceId?: string; poll: number | false }) {
  const { t } = useTranslation();
  const [order, setOrder] = useState<Order>("device");
  // A device's or a person's card tells of all that they share: a part of it would look like all.
  const list = useAllPages("my given shares", { device_id: deviceId, limit: 100 }, listGivenShares, poll);
  const groups = order === "device" ? byDevice(list.items).filter(({ id }) => !deviceId || id === deviceId) : byPerson(list.items);
  return (
    <section aria-labelledby="given-title">
      <Group justify="space-between" mb="sm">
        <Title order={2} fz="h3" id="given-title">{t("sharing.given")}</Title>
        {list.items.length > 0 ? (
          <SegmentedControl
            size="md" aria-label={t("sharing.order")} value={order} onChange={(value) => setOrder(value as Order)}
            data={[{ value: "device", label: t("sharing.by_device") }, { value: "person", label: t("sharing.by_person") }]}
          />
        ) : null}
      </Group>
      <Stack>
        {list.isPending ? <LoadingRows /> : null}
        <ErrorNote error={list.error} onRetry={() => void list.refetch()} />
        {list.isSuccess && groups.length === 0 ? <Text className="card" c="dimmed">{t("sharing.nothing_given")}</Text> : null}
        {groups.map((group) => (order === "device" ? <DeviceGroup key={group.id} group={group} /> : <PersonGroup key={group.id} group={group} />))}
        {list.hasNextPage ? <Text role="note" className="card">{t(list.isError ? "sharing.not_all_given" : "sharing.given_comes")}</Text> : null}
      </Stack>
    </section>
  );
}

function DeviceGroup({ group }: { group: Sorted }) {
  const { t } = useTranslation();
  const name = group.name || t("devices.unnamed");
  return (
    <article className="card" aria-label={name}>
      <Title order={3} fz="h4" className="wrap">{name}</Title>
      <ul className="line-list" aria-label={t("sharing.with")}>
        {group.parts.map((part) => (
          <ShareLine key={part.share.id} part={part} of={name} title={part.share.receiver_name} detail={part.share.receiver_email} bareNames />
        ))}
      </ul>
    </article>
  );
}

function PersonGroup({ group }: { group: Sorted }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const removing = useDialog();
  const email = group.parts[0]?.share.receiver_email;
  return (
    <article className="card" aria-label={group.name}>
      <div className="card-top">
        <div className="grow">
          <Title order={3} fz="h4" className="wrap">{group.name}</Title>
          <Text size="sm" c="dimmed" className="wrap">{email}</Text>
        </div>
        <Button variant="default" size="sm" aria-label={`${t("sharing.remove_all")}: ${group.name}`} onClick={removing.open}>{t("sharing.remove_all")}</Button>
      </div>
      <ul className="line-list" aria-label={t("sharing.what")}>
        {group.parts.map((part) => <ShareLine key={part.share.id} part={part} of={part.share.site_name} title={part.share.site_name} />)}
      </ul>
      <ConfirmDialog
        key={removing.key} opened={removing.opened} onClose={removing.close} title={t("sharing.remove_all_title", { name: group.name })}
        text={t("sharing.remove_all_text")} action={t("sharing.remove_all")} run={() => removeGivenSharesOf(group.id)}
        onDone={() => {
          removing.close();
          void client.invalidateQueries({ queryKey: ["my given shares"] });
        }}
      />
    </article>
  );
}

interface Line { part: Part; of: string; title: string; detail?: string; bareNames?: boolean }

function ShareLine({ part, of, title, detail, bareNames = false }: Line) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const editing = useDialog();
  const removing = useDialog();
  const { share, channels, deviceId } = part;
  const whose = `${share.receiver_name}, ${of}`;
  return (
    <li className="line line-stack">
      <div className="grow">
        <Text fw={600} className="wrap">{title}</Text>
        <Text size="sm" c="dimmed" className="wrap">
          {[detail, t("custody.since", { at: formatInstant(share.created_at, i18n.language) })].filter(Boolean).join(" · ")}
        </Text>
        <SharedLines channels={channels} bare={bareNames} />
      </div>
      <Group gap="xs" className="line-end">
        <Button variant="default" size="sm" aria-label={`${t("sharing.edit")}: ${whose}`} onClick={editing.open}>{t("sharing.edit")}</Button>
        <Button variant="default" size="sm" aria-label={`${t("sharing.remove")}: ${whose}`} onClick={removing.open}>{t("sharing.remove")}</Button>
      </Group>
      {editing.key > 0 ? <EditShareDialog key={`edit${editing.key}`} part={part} opened={editing.opened} onClose={editing.close} /> : null}
      <ConfirmDialog
        key={removing.key} opened={removing.opened} onClose={removing.close} title={t("sharing.remove_title", { name: share.receiver_name })}
        text={t("sharing.remove_text", { what: of })} action={t("sharing.remove")}
        run={() => removeGivenShare(share.id, deviceId)}
        onDone={() => {
          removing.close();
          void client.invalidateQueries({ queryKey: ["my given shares"] });
        }}
      />
    </li>
  );
}
