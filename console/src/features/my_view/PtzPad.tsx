// Moving a camera: a moment in a direction by each press, and the places that it remembers.
import { ActionIcon, Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import {
  IconArrowDown, IconArrowLeft, IconArrowRight, IconArrowUp, IconZoomIn, IconZoomOut, type Icon,
} from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { goToMyPreset, listMyPresets, moveMyCamera } from "../../api/calls";
import { ApiError } from "../../api/client";
import type { CameraMove } from "../../api/types";
import { Section } from "../devices/Section";
import { ErrorNote } from "../../ui/ErrorNote";

/** How fast, of 100. */
const SPEED = 60;

interface Way { name: string; place: string; Icon: Icon; move: Partial<CameraMove> }

const WAYS: Way[] = [
  { name: "up", place: "ptz-up", Icon: IconArrowUp, move: { tilt: SPEED } },
  { name: "left", place: "ptz-left", Icon: IconArrowLeft, move: { pan: -SPEED } },
  { name: "right", place: "ptz-right", Icon: IconArrowRight, move: { pan: SPEED } },
  { name: "down", place: "ptz-down", Icon: IconArrowDown, move: { tilt: -SPEED } },
  { name: "closer", place: "ptz-closer", Icon: IconZoomIn, move: { zoom: SPEED } },
  { name: "wider", place: "ptz-wider", Icon: IconZoomOut, move: { zoom: -SPEED } },
];

const isNotSupported = (error: unknown) => error instanceof ApiError && error.code === "device_not_supported";

export function PtzPad({ device, channel }: { device: string; channel: number }) {
  const { t } = useTranslation();
  const moving = useMutation({ mutationFn: (move: Partial<CameraMove>) => moveMyCamera(device, channel, { pan: 0, tilt: 0, zoom: 0, ...move }) });
  return (
    <Section title={t("my_view.move")}>
      <Text size="sm" c="dimmed" mb="sm">{t("my_view.move_hint")}</Text>
      <div className="ptz">
        {WAYS.map(({ name, place, Icon, move }) => (
          <ActionIcon
            key={name} className={place} variant="default" size={48} aria-label={t(`my_view.${name}`)}
            onClick={() => {
              if (!moving.isPending) moving.mutate(move);
            }}
          >
            <Icon size={24} aria-hidden="true" />
          </ActionIcon>
        ))}
      </div>
      <ErrorNote error={moving.error} />
      <Presets device={device} channel={channel} />
    </Section>
  );
}

function Presets({ device, channel }: { device: string; channel: number }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState("");
  const presets = useQuery({
    queryKey: ["my presets", device, channel], queryFn: () => listMyPresets(device, channel), staleTime: 5 * 60_000, retry: false,
  });
  const turning = useMutation({ mutationFn: (preset: number) => goToMyPreset(device, channel, preset) });
  const items = presets.data?.items ?? [];
  // A camera that remembers no places has none; that it cannot be moved is told when somebody tries.
  if (items.length === 0) return <ErrorNote error={isNotSupported(presets.error) ? null : presets.error} />;
  const choice = chosen || String(items[0]?.number);
  return (
    <Stack gap="xs" mt="md">
      <Group gap="sm" align="end">
        <NativeSelect
          className="grow" maw={320} label={t("my_view.preset")} value={choice} onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          data={items.map(({ number, name }) => ({ value: String(number), label: name ? `${number} · ${name}` : t("my_view.preset_number", { n: number }) }))}
        />
        <Button variant="default" loading={turning.isPending} onClick={() => turning.mutate(Number(choice))}>{t("my_view.go")}</Button>
      </Group>
      <div role="status">{turning.isSuccess ? <Text size="sm" c="dimmed">{t("my_view.turning")}</Text> : null}</div>
      <ErrorNote error={turning.error} />
    </Stack>
  );
}
