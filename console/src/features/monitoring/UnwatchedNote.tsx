// Nobody watches this device: since when, why, and the way back.
import { Alert, Button } from "@mantine/core";
import { IconEyeOff, IconVersionsOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { useMonitoring } from "./useMonitoring";

export function UnwatchedNote({ device }: { device: Device }) {
  const { t, i18n } = useTranslation();
  const { off_since, off_by, unwatched_because } = device.monitoring;
  const setting = useMonitoring(device);
  if (unwatched_because === "firmware_incompatible") {
    return (
      <Alert role="note" className="note note-warn" title={t("monitoring.too_old_title")} icon={<IconVersionsOff aria-hidden="true" />}>
        {t("monitoring.too_old_text", { version: device.compatibility?.minimum_version ?? "" })}
      </Alert>
    );
  }
  if (unwatched_because !== "monitoring_off") return null;
  const at = off_since ? formatInstant(off_since, i18n.language) : "";
  return (
    <Alert role="note" className="note note-warn" title={t("monitoring.off_title")} icon={<IconEyeOff aria-hidden="true" />}>
      {off_by ? t("monitoring.off_by", { at, name: off_by }) : t("monitoring.off_since", { at })} {t("monitoring.off_text")}
      <ErrorNote error={setting.error} />
      {device.operations.includes("edit") ? (
        <Button display="block" mt="sm" loading={setting.isPending} onClick={() => setting.mutate(true)}>{t("monitoring.switch_on")}</Button>
      ) : null}
    </Alert>
  );
}
