// The first step of sharing: a site of one's own, and what of it. The channels of a device are asked for when it is ticked.
import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../api/facts";
import { getMyDevice, listMyDevices, listMySites } from "../../api/calls";
import type { MyDevice, MyDeviceSummary } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { DeviceChoice, DeviceTick } from "./ChannelPicker";
import { canBeShared, type Choice, chooseDevice, type PickDevice, type Shared, sharedOf } from "./sharing";

interface Properties { siteId?: string; deviceId?: string; onNext: (channels: Shared[]) => void }

export function WhatStep({ siteId, deviceId, onNext }: Properties) {
  const { t } = useTranslation();
  const sites = useQuery({ queryKey: ["my sites", "to share"], queryFn: () => listMySites({ limit: 100 }) });
  const own = sites.data?.items.filter(({ suspended_at }) => !suspended_at) ?? [];
  const [chosen, setChosen] = useState(siteId ?? "");
  const site = chosen || own[0]?.id || "";
  return (
    <Stack>
      <Text c="dimmed" size="sm">{t("sharing.what_hint")}</Text>
      <ErrorNote error={sites.error} onRetry={() => void sites.refetch()} />
      {sites.isPending ? <LoadingRows height={60} /> : null}
      {sites.isSuccess && own.length === 0 ? <Text role="note">{t("sharing.no_sites")}</Text> : null}
      {!siteId && own.length > 1 ? (
        <NativeSelect
          label={t("sharing.site")} value={site} data={own.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      ) : null}
      {site ? <SiteDevices key={site} siteId={site} deviceId={deviceId} onNext={onNext} /> : null}
    </Stack>
  );
}

function SiteDevices({ siteId, deviceId, onNext }: { siteId: string; deviceId?: string; onNext: Properties["onNext"] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const list = usePages("my devices", { site: siteId, limit: 50 }, listMyDevices);
  const [known, setKnown] = useState<PickDevice[]>([]);
  const [choice, setChoice] = useState<Choice>({});
  const [asking, setAsking] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<unknown>(null);
  const begun = useRef(false);
  const tick = async (device: Pick<MyDeviceSummary, "id">, on: boolean) => {
    let found = known.find(({ id }) => id === device.id);
    if (!found) {
      setAsking((before) => new Set(before).add(device.id));
      try {
        const whole = await client.fetchQuery({ queryKey: ["my device", device.id], queryFn: () => getMyDevice(device.id), staleTime: 30_000 });
        const asked = pickOfDevice(whole);
        found = asked;
        setKnown((before) => [...before.filter(({ id }) => id !== asked.id), asked]);
      } catch (refused) {
        setError(refused);
        return;
      } finally {
        setAsking((before) => new Set([...before].filter((id) => id !== device.id)));
      }
    }
    const ticked = found;
    setError(null);
    setChoice((before) => chooseDevice(before, ticked, on));
  };
  useEffect(() => {
    if (deviceId && !begun.current) {
      begun.current = true;
      void tick({ id: deviceId }, true);
    }
  });
  const channels = sharedOf(choice, known);
  // What was ticked before its page of the list is there, is shown too.
  const listed = list.items.filter(({ kind }) => canBeShared(kind));
  const items: Pick<MyDeviceSummary, "id" | "name" | "model" | "kind">[] = [
    ...known.filter(({ id }) => !listed.some((device) => device.id === id)).map((device) => ({ ...device, model: "" })), ...listed,
  ];
  const all = (on: boolean) => items.forEach((device) => void tick(device, on));
  const some = items.length > 1;
  return (
    <>
      {list.isPending ? <LoadingRows height={60} /> : null}
      <ErrorNote error={list.error ?? error} />
      {list.isSuccess && items.length === 0 ? <Text role="note">{t("my.no_devices")}</Text> : null}
      {some && !deviceId ? (
        <Button variant="subtle" size="sm" className="text-button pick-apart" onClick={() => all(true)}>{t("sharing.all_devices")}</Button>
      ) : null}
      <ul className="line-list pick-list" aria-label={t("devices.title")}>
        {items.map((device) => {
          const whole = known.find(({ id }) => id === device.id);
          return (
            <li className="pick" key={device.id}>
              <DeviceTick
                device={whole ?? { name: nameOf(device), kind: device.kind }} choice={choice} busy={asking.has(device.id)}
                onTick={(on) => void tick(device, on)}
              />
              {whole ? <DeviceChoice device={whole} choice={choice} onChange={setChoice} /> : null}
            </li>
          );
        })}
      </ul>
      <MoreButton list={list} />
      <Group justify="flex-end" className="dialog-foot">
        <Button disabled={channels.length === 0} onClick={() => onNext(channels)}>{t("do.next")}</Button>
      </Group>
    </>
  );
}

const nameOf = (device: Pick<MyDeviceSummary, "name" | "model">) => device.name || device.model;

/** A device with the channels that it told of; it is itself where it told of none. */
export function pickOfDevice(device: MyDevice): PickDevice {
  const fact = device.facts.find(({ topic }) => topic === "channels");
  const told = device.kind === "alarm_panel" ? [] : ((fact?.value ?? []) as Channel[]);
  const channels = told.map(({ number, name }) => ({ number, name }));
  return { id: device.id, name: nameOf(device), kind: device.kind, channels: channels.length > 0 ? channels : [{ number: 0, name: "" }] };
}
