// A device that somebody shares, for whoever receives it. It is gone at the moment in which it is shared no more.
import { Stack, Text } from "@mantine/core";
import { IconLockOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Navigate, useParams } from "react-router";
import { listMyChannels } from "../../api/calls";
import { isGone } from "../../api/client";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useMyLive } from "../my/useMyLive";
import { DeviceView } from "./DeviceView";

export function SharedDevicePage() {
  const { t } = useTranslation();
  const { deviceId = "" } = useParams();
  const poll = useMyLive();
  const view = useQuery({ queryKey: ["my channels", deviceId], queryFn: () => listMyChannels(deviceId), refetchInterval: poll });
  const up = { to: "/my/shared", text: t("my_shares.title") };
  if (view.data && !isGone(view.error)) {
    // One's own has a page of its own, with more on it.
    if (view.data.own) return <Navigate to={`/my/devices/${deviceId}`} replace />;
    return (
      <Stack gap="lg">
        <PageHead title={view.data.device_name || t(`kind.${view.data.device_kind}`)} up={up} hint={view.data.site_name} />
        <DeviceView view={view.data} />
        {view.data.device_kind === "alarm_panel" ? <Text c="dimmed">{t("my_view.panel")}</Text> : null}
      </Stack>
    );
  }
  if (!view.isError) return <LoadingRows />;
  return (
    <Stack gap="lg">
      <PageHead title={t("my_shares.title")} up={up} />
      {isGone(view.error) ? <Empty Icon={IconLockOff} title={t("my_view.gone")} hint={t("my_view.gone_hint")} />
        : <ErrorNote error={view.error} onRetry={() => void view.refetch()} />}
    </Stack>
  );
}
