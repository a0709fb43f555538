// The key of a webhook's signatures, shown once.
import { Alert, Button, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { WebhookWithSecret } from "../../api/types";
import { CopyLine } from "../../ui/CopyLine";
import { Dialog } from "../../ui/Dialog";

export function SecretDialog({ told, onClose }: { told: WebhookWithSecret | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog opened={told !== null} onClose={onClose} title={t("webhooks.secret_title")}>
      {told ? (
        <Stack>
          <Text>{t("webhooks.secret_text", { name: told.webhook.name })}</Text>
          <CopyLine label={t("webhooks.secret")} text={told.secret} />
          <Alert role="note" className="note note-warn">{t("webhooks.secret_once")}</Alert>
          <Button size="lg" onClick={onClose}>{t("do.done")}</Button>
        </Stack>
      ) : null}
    </Dialog>
  );
}
