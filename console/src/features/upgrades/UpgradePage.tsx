// One upgrade as it goes: how far all of it and each device is, and what a person can decide.
import { Alert, Button, Group, Progress, Select, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconLockOff, IconPlayerPlay, IconPlayerStop, IconReload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { cancelUpgrade, getUpgrade, goOnWithUpgrade, listUpgradeDevices, retryUpgrade } from "../../api/calls";
import { isGone } from "../../api/client";
import { useLive } from "../../api/live";
import type { Upgrade, UpgradeState } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useDialog } from "../../ui/useDialog";
import { useNow } from "../../ui/useNow";
import { StandingBadge } from "./Badges";
import { ALL_STATES, percentOf, standingOf } from "./states";
import { TallyLine } from "./TallyLine";
import { UpgradeDeviceLine } from "./UpgradeDeviceLine";

export function UpgradePage() {
  const { t } = useTranslation();
  const { upgradeId = "" } = useParams();
  const poll = useLive();
  const upgrade = useQuery({ queryKey: ["upgrade", upgradeId], queryFn: () => getUpgrade(upgradeId), refetchInterval: poll });
  if (upgrade.data && !isGone(upgrade.error)) return <UpgradeView upgrade={upgrade.data} poll={poll} />;
  if (!upgrade.isError) return <LoadingRows />;
  return (
    <Stack gap="lg">
      <PageHead title={t("upgrades.title")} up={{ to: "/upgrades", text: t("upgrades.title") }} />
      {isGone(upgrade.error) ? <Empty Icon={IconLockOff} title={t("upgrades.gone")} hint={t("upgrades.gone_hint")} />
        : <ErrorNote error={upgrade.error} onRetry={() => void upgrade.refetch()} />}
    </Stack>
  );
}

function UpgradeView({ upgrade, poll }: { upgrade: Upgrade; poll: number | false }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const now = useNow();
  const [state, setState] = useState<UpgradeState | null>(null);
  const devices = usePages("upgrade devices", { upgrade: upgrade.id, state, limit: 50 }, listUpgradeDevices, poll);
  const cancelling = useDialog();
  const goingOn = useDialog();
  const again = () => {
    for (const key of ["upgrade", "upgrades", "upgrade devices"]) void client.invalidateQueries({ queryKey: [key] });
  };
  const retry = useMutation({ mutationFn: () => retryUpgrade(upgrade.id), onSuccess: again });
  const standing = standingOf(upgrade, now);
  const open = upgrade.ended_at === null;
  const at = (instant: string) => formatInstant(instant, i18n.language);
  const facts = [
    standing === "scheduled" ? t("upgrades.starts", { at: at(upgrade.starts_at) }) : null,
    upgrade.window ? t("upgrades.window", upgrade.window) : null,
    upgrade.stages > 1 ? t("upgrades.stage", { stage: upgrade.stage + 1, stages: upgrade.stages }) : null,
    upgrade.stages > 1 ? t("upgrades.threshold", { count: upgrade.error_threshold }) : null,
  ].filter(Boolean);
  return (
    <Stack gap="lg">
      <PageHead
        title={t("upgrades.progress", { done: upgrade.devices.done, all: upgrade.devices.all })}
        up={{ to: "/upgrades", text: t("upgrades.title") }}
        hint={t("upgrades.begun_by", { name: upgrade.created_by, at: at(upgrade.created_at) })}
        actions={
          <>
            {upgrade.devices.failed > 0 ? (
              <Button variant="default" loading={retry.isPending} leftSection={<IconReload size={18} aria-hidden="true" />} onClick={() => retry.mutate()}>
                {t("upgrades.retry")}
              </Button>
            ) : null}
            {upgrade.state === "stopped" ? (
              <Button variant="default" leftSection={<IconPlayerPlay size={18} aria-hidden="true" />} onClick={goingOn.open}>{t("upgrades.go_on")}</Button>
            ) : null}
            {open ? (
              <Button variant="default" leftSection={<IconPlayerStop size={18} aria-hidden="true" />} onClick={cancelling.open}>{t("upgrades.cancel")}</Button>
            ) : null}
          </>
        }
      />
      <ErrorNote error={retry.error} />
      {upgrade.state === "stopped" ? (
        <Alert role="note" className="note note-warn" icon={<IconAlertTriangle aria-hidden="true" />}>{t("upgrades.stopped_text")}</Alert>
      ) : null}
      <section className="card" aria-live="polite">
        <Group justify="space-between" gap="sm">
          <StandingBadge standing={standing} />
          <Text size="sm" fw={600}>{percentOf(upgrade)} %</Text>
        </Group>
        <Progress value={percentOf(upgrade)} size="lg" my="sm" aria-label={t("upgrades.progress", { done: upgrade.devices.done, all: upgrade.devices.all })} />
        <TallyLine upgrade={upgrade} />
        {facts.length > 0 ? <Text size="sm" c="dimmed" className="wrap">{facts.join(" · ")}</Text> : null}
      </section>
      {upgrade.devices.all > 1 ? (
        <div className="filters">
          <Select
            aria-label={t("upgrades.state")} placeholder={t("upgrades.any_state")} clearable clearButtonProps={{ "aria-label": t("upgrades.any_state") }}
            data={ALL_STATES.map((value) => ({ value, label: t(`upgrade_state.${value}`) }))}
            value={state} onChange={(value) => setState(value as UpgradeState | null)}
          />
        </div>
      ) : null}
      {devices.isPending ? <LoadingRows height={72} /> : null}
      {devices.isError ? <ErrorNote error={devices.error} onRetry={() => void devices.refetch()} /> : null}
      {devices.items.length > 0 ? (
        <ul className="card line-list" aria-label={t("upgrades.devices")}>
          {devices.items.map((device) => <UpgradeDeviceLine key={device.device_id} device={device} staged={upgrade.stages > 1} />)}
        </ul>
      ) : null}
      <MoreButton list={devices} />
      <ConfirmDialog
        opened={cancelling.opened} onClose={cancelling.close} title={t("upgrades.cancel_title")} text={t("upgrades.cancel_text")}
        action={t("upgrades.cancel")} run={() => cancelUpgrade(upgrade.id)} onDone={() => (cancelling.close(), again())}
      />
      <ConfirmDialog
        opened={goingOn.opened} onClose={goingOn.close} title={t("upgrades.go_on_title")} text={t("upgrades.go_on_text")}
        action={t("upgrades.go_on")} run={() => goOnWithUpgrade(upgrade.id)} onDone={() => (goingOn.close(), again())} harmless
      />
    </Stack>
  );
}
