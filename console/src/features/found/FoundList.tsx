// The list of found devices to tick, with search; what cannot be added says why and where it leads.
import { Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { createAddition } from "../../api/calls";
import type { FoundDevice } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { KindIcon } from "../../ui/KindIcon";
import { AddStateBadge } from "../additions/AddStateBadge";
import { canTick, chosen, MOST, tick, tickAll, type Batch } from "./batchState";

/** So many are drawn at first: a link may see a thousand. */
const DRAWN = 100;
const SEARCH_FROM = 8;

interface Properties { siteId: string; devices: FoundDevice[]; batch: Batch; setBatch: (batch: Batch) => void; onNext: () => void }

export function FoundList({ siteId, devices, batch, setBatch, onNext }: Properties) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [drawn, setDrawn] = useState(DRAWN);
  const wanted = text.trim().toLowerCase();
  const shown = devices.filter((one) => (
    !wanted || [one.serial, one.model, one.host, one.mac ?? "", one.link_name].some((part) => part.toLowerCase().includes(wanted))
  ));
  const able = shown.filter(canTick);
  const ticked = able.filter(({ serial }) => batch.ticked.has(serial)).length;
  const count = chosen(batch, devices).length;
  return (
    <Stack>
      {devices.length >= SEARCH_FROM ? (
        <TextInput
          type="search" aria-label={t("found.search")} placeholder={t("found.search")} maw={420}
          leftSection={<IconSearch size={18} aria-hidden="true" />} value={text} onChange={(event) => setText(event.currentTarget.value)}
        />
      ) : null}
      <div className="card">
        {able.length > 0 ? (
          <Group justify="space-between" className="tick-all">
            <Checkbox
              size="md" label={t("scan.select_all")} checked={ticked === able.length} indeterminate={ticked > 0 && ticked < able.length}
              onChange={(event) => setBatch(tickAll(batch, shown, event.currentTarget.checked))}
            />
            <Text size="sm" c="dimmed">{t("scan.selected", { n: count, total: devices.length })}</Text>
          </Group>
        ) : <Text c="dimmed">{t(wanted ? "devices.none" : "found.none_to_add")}</Text>}
        <ul className="import-rows" aria-label={t("found.title")}>
          {shown.slice(0, drawn).map((device) => (
            <FoundRow
              key={device.serial} siteId={siteId} device={device} ticked={batch.ticked.has(device.serial)}
              onTick={(on) => setBatch(tick(batch, device.serial, on))}
            />
          ))}
        </ul>
        {shown.length > drawn ? (
          <Button variant="default" onClick={() => setDrawn(drawn + DRAWN)}>{t("do.more")}</Button>
        ) : null}
      </div>
      {able.length > 0 ? (
        <div className="page-foot">
          {count > MOST ? <Text size="sm" c="dimmed">{t("found.most", { n: MOST })}</Text> : null}
          <Button size="lg" disabled={count === 0 || count > MOST} onClick={onNext}>
            {count === 0 ? t("scan.add_none") : t("scan.add", { count })}
          </Button>
        </div>
      ) : null}
    </Stack>
  );
}

function FoundRow({ siteId, device, ticked, onTick }: { siteId: string; device: FoundDevice; ticked: boolean; onTick: (on: boolean) => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const able = canTick(device);
  const leading = useMutation({
    mutationFn: () => createAddition(siteId, { serial: device.serial }),
    onSuccess: ({ id }) => void navigate(`/sites/${siteId}?addition=${id}`),
  });
  const body = (
    <span className="found-body">
      <KindIcon kind={device.kind} />
      <span className="grow">
        <span className="row-name">{device.model || t(`kind.${device.kind}`)}</span>
        <Text component="span" size="sm" c="dimmed" className="wrap mono" display="block">{device.serial} · {device.host}</Text>
        <Text component="span" size="sm" c="dimmed" className="wrap" display="block">{device.firmware.replace(/(\d)build/, "$1 build")} · {device.link_name}</Text>
      </span>
      <AddStateBadge state={device.state} />
    </span>
  );
  if (able) {
    return (
      <li className="import-row">
        <Checkbox size="md" label={body} checked={ticked} onChange={(event) => onTick(event.currentTarget.checked)} />
      </li>
    );
  }
  return (
    <li className="import-row found-other">
      {body}
      <ErrorNote error={leading.error} />
      {device.device_id && device.state !== "someone_elses" ? (
        <Button component={Link} variant="default" size="sm" to={`/devices/${device.device_id}`}>{t("addition.open_device")}</Button>
      ) : (
        <Button variant="default" size="sm" loading={leading.isPending} onClick={() => leading.mutate()}>
          {t(`next_step.${device.next}`)}
        </Button>
      )}
    </li>
  );
}
