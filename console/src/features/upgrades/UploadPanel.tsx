// Uploads a firmware file and tells how much of it is sent.
import { Button, FileButton, Group, Progress, Stack, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { uploadFirmwareFile } from "../../api/calls";
import type { FirmwareFile } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { sizeOf } from "./states";

interface Properties { most: number | null; onUploaded: (file: FirmwareFile) => void }

export function UploadPanel({ most, onUploaded }: Properties) {
  const { t, i18n } = useTranslation();
  const [sending, setSending] = useState<{ name: string; part: number } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [said, setSaid] = useState<string | null>(null);
  const stopping = useRef<AbortController | null>(null);
  const send = async (file: File | null) => {
    if (!file) return;
    setError(null);
    setSaid(null);
    if (most !== null && file.size > most) {
      setSaid(t("firmware_files.too_large", { size: sizeOf(file.size, i18n.language), most: sizeOf(most, i18n.language) }));
      return;
    }
    stopping.current = new AbortController();
    setSending({ name: file.name, part: 0 });
    try {
      const made = await uploadFirmwareFile(file, (part) => setSending({ name: file.name, part }), stopping.current.signal);
      setSaid(t(made.purpose ? "firmware_files.known" : "firmware_files.uploaded", { name: file.name }));
      onUploaded(made);
    } catch (refusal) {
      if (!(refusal instanceof DOMException)) setError(refusal);
    } finally {
      setSending(null);
    }
  };
  const percent = Math.round((sending?.part ?? 0) * 100);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <FileButton onChange={(file) => void send(file)} accept=".dav,.bin,.zip,application/octet-stream">
          {(properties) => (
            <Button {...properties} leftSection={<IconUpload size={18} aria-hidden="true" />} loading={sending !== null}>{t("firmware_files.upload")}</Button>
          )}
        </FileButton>
        {sending ? <Button variant="default" onClick={() => stopping.current?.abort()}>{t("firmware_files.stop")}</Button> : null}
      </Group>
      {sending ? (
        <div>
          <Text size="sm" className="wrap">{t(percent >= 100 ? "firmware_files.checking" : "firmware_files.uploading", { name: sending.name, percent })}</Text>
          <Progress value={percent} mt={4} aria-label={t("firmware_files.uploading", { name: sending.name, percent })} />
        </div>
      ) : null}
      <Text size="sm" role="status">{said ?? ""}</Text>
      <ErrorNote error={error} />
    </Stack>
  );
}
