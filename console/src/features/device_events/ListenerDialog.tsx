// What a person enters in the device's own pages so that it pushes its events here; shown once, for the path is a secret.
import { Alert, Button, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { EventListenerSettings } from "../../api/types";
import { CopyLine } from "../../ui/CopyLine";
import { Dialog } from "../../ui/Dialog";

interface Properties { settings: EventListenerSettings | null; replaces: boolean; onClose: () => void }

export function ListenerDialog({ settings, replaces, onClose }: Properties) {
  const { t } = useTranslation();
  return (
    <Dialog opened={settings !== null} onClose={onClose} title={t("device_events.settings_title")}>
      {settings ? (
        <Stack>
          <Text>{t("device_events.settings_text")}</Text>
          <CopyLine label={t("device_events.protocol")} text={settings.protocol} />
          <CopyLine label={t("device_events.host")} text={settings.host} />
          <CopyLine label={t("device_events.port")} text={String(settings.port)} />
          <CopyLine label={t("device_events.path")} text={settings.path} />
          <Text size="sm">{t("device_events.settings_auth")}</Text>
          {replaces ? <Alert role="note" className="note">{t("device_events.settings_replaced")}</Alert> : null}
          <Button size="lg" onClick={onClose}>{t("do.done")}</Button>
        </Stack>
      ) : null}
    </Dialog>
  );
}
