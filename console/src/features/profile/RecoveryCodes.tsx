// The recovery codes, shown this once: to copy, to save and to print.
import { Alert, Button, Group, Stack } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload, IconPrinter } from "@tabler/icons-react";
import { useContext, useState } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { copyText } from "../../ui/copy";
import { saveFile } from "../operations/files";
import { SessionContext } from "../session/session";
import { MySessionContext } from "../my/session";

export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation();
  const staff = useContext(SessionContext)?.staff;
  const owner = useContext(MySessionContext)?.end_user;
  const [copied, setCopied] = useState(false);
  const Icon = copied ? IconCheck : IconCopy;
  const title = t("recovery.file", { email: (owner ?? staff)?.email });
  const save = () => {
    const address = URL.createObjectURL(new Blob([[title, "", ...codes, ""].join("\n")], { type: "text/plain" }));
    saveFile(address, "siteward-recovery-codes.txt");
    URL.revokeObjectURL(address);
  };
  return (
    <Stack>
      <Alert role="status" className="note note-good" icon={<IconCheck aria-hidden="true" />} title={t("recovery.title")}>{t("recovery.text")}</Alert>
      <ol className="code-list" aria-label={t("recovery.list")}>{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ol>
      <Group className="button-pair" gap="sm">
        <Button variant="default" leftSection={<Icon size={18} aria-hidden="true" />} onClick={() => void copyText(codes.join("\n")).then(setCopied)}>
          {t(copied ? "do.copied" : "do.copy")}
        </Button>
        <Button variant="default" leftSection={<IconDownload size={18} aria-hidden="true" />} onClick={save}>{t("recovery.save")}</Button>
        <Button variant="default" leftSection={<IconPrinter size={18} aria-hidden="true" />} onClick={() => window.print()}>{t("device_qr.print")}</Button>
      </Group>
      <Button size="lg" onClick={onDone}>{t("recovery.done")}</Button>
      {createPortal(
        <div className="print-sheet" aria-hidden="true">
          <h1>{title}</h1>
          <p>{t("recovery.text")}</p>
          <ol className="print-codes">{codes.map((code) => <li key={code}>{code}</li>)}</ol>
        </div>,
        document.body,
      )}
    </Stack>
  );
}
