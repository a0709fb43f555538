// The enrolment code of a link, shown once: as a command to copy, to read out, and as a QR code for another phone or terminal.
import { Alert, Button, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { LinkCreated } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { CopyLine } from "../../ui/CopyLine";
import { Dialog } from "../../ui/Dialog";
import { QrPicture } from "../../ui/QrPicture";

export function LinkCodeDialog({ created, onClose }: { created: LinkCreated | null; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  return (
    <Dialog opened={created !== null} onClose={onClose} title={t("links.code_title")}>
      {created ? (
        <Stack>
          <Text>{t("links.code_text", { name: created.link.name })}</Text>
          <CopyLine label={t("links.command")} text={created.command} />
          <CopyLine label={t("links.code")} text={created.code} large />
          <div className="qr-beside">
            <QrPicture text={created.command} label={t("links.qr")} />
            <Text size="sm" c="dimmed">{t("links.qr_hint")}</Text>
          </div>
          <Alert role="note" className="note note-warn">
            {t("links.code_once", { at: formatInstant(created.expires_at, i18n.language) })}
          </Alert>
          <Button size="lg" onClick={onClose}>{t("do.done")}</Button>
        </Stack>
      ) : null}
    </Dialog>
  );
}
