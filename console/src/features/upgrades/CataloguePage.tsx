// The firmware catalogue: uploads, what each file is for, and what must come first.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconFiles, IconInfoCircle, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deleteFirmwareFile, listFirmwareFiles } from "../../api/calls";
import type { FirmwareFile } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { KindIcon } from "../../ui/KindIcon";
import { LoadingRows } from "../../ui/LoadingRows";
import { useDialog } from "../../ui/useDialog";
import { useSession } from "../session/session";
import { FileDialog } from "./FileDialog";
import { sizeOf } from "./states";
import { UploadPanel } from "./UploadPanel";

export function CataloguePage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { staff } = useSession();
  const list = useQuery({ queryKey: ["firmware files"], queryFn: listFirmwareFiles });
  const [edited, setEdited] = useState<FirmwareFile | null>(null);
  const [deleted, setDeleted] = useState<FirmwareFile | null>(null);
  const editing = useDialog();
  const files = list.data?.items ?? [];
  const again = () => void client.invalidateQueries({ queryKey: ["firmware files"] });
  const edit = (file: FirmwareFile) => {
    setEdited(file);
    editing.open();
  };
  return (
    <Stack gap="lg">
      <PageHead title={t("firmware_files.title")} hint={t("firmware_files.hint")} up={{ to: "/fleet", text: t("fleet.title") }} />
      {staff.is_admin ? <UploadPanel most={list.data?.most_bytes ?? null} onUploaded={(file) => (again(), file.purpose ? undefined : edit(file))} />
        : <Alert role="note" className="note" icon={<IconInfoCircle aria-hidden="true" />}>{t("firmware_files.only_admin")}</Alert>}
      {list.isPending ? <LoadingRows height={96} /> : null}
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && files.length === 0 ? <Empty Icon={IconFiles} title={t("firmware_files.none")} hint={t("firmware_files.none_hint")} /> : null}
      {files.length > 0 ? (
        <ul className="card line-list" aria-label={t("firmware_files.title")}>
          {files.map((file) => (
            <FileLine key={file.id} file={file} files={files} may={staff.is_admin} onEdit={() => edit(file)} onDelete={() => setDeleted(file)} />
          ))}
        </ul>
      ) : null}
      {edited ? <FileDialog key={editing.key} file={edited} files={files} opened={editing.opened} onClose={editing.close} onSaved={again} /> : null}
      <ConfirmDialog
        opened={deleted !== null} onClose={() => setDeleted(null)} title={t("firmware_files.delete_title", { name: nameOf(deleted) })}
        text={t("firmware_files.delete_text")} action={t("do.delete")} run={() => deleteFirmwareFile(deleted?.id ?? "")}
        onDone={() => (setDeleted(null), again())}
      />
    </Stack>
  );
}

/** What a person calls a file: its version, or its name until somebody said what it is for. */
export function nameOf(file: FirmwareFile | null): string {
  return file?.purpose?.version ?? file?.file_name ?? "";
}

interface LineProperties { file: FirmwareFile; files: FirmwareFile[]; may: boolean; onEdit: () => void; onDelete: () => void }

function FileLine({ file, files, may, onEdit, onDelete }: LineProperties) {
  const { t, i18n } = useTranslation();
  const { purpose } = file;
  const first = purpose?.first_id ? files.find(({ id }) => id === purpose.first_id) ?? null : null;
  return (
    <li className="line">
      {purpose ? <KindIcon kind={purpose.kind} /> : <IconFiles size={24} stroke={1.6} aria-hidden="true" />}
      <div className="grow">
        <Text fw={600} className="wrap">{nameOf(file)}</Text>
        {purpose ? <Text size="sm" className="wrap">{t("firmware_files.for", { models: purpose.models.join(", ") })}</Text>
          : <Text size="sm">{t("firmware_files.not_said")}</Text>}
        {purpose && (purpose.region || purpose.hardware) ? (
          <Text size="sm" className="wrap">{t("firmware_files.only", { what: [purpose.region, purpose.hardware].filter(Boolean).join(", ") })}</Text>
        ) : null}
        {first ? <Text size="sm" className="wrap">{t("firmware_files.needs_first", { version: nameOf(first) })}</Text> : null}
        {file.notes ? <Text size="sm" c="dimmed" className="wrap" style={{ whiteSpace: "pre-line" }}>{file.notes}</Text> : null}
        <Text size="xs" c="dimmed" className="wrap">
          {[purpose ? file.file_name : null, sizeOf(file.size, i18n.language), t("firmware_files.added", { at: formatInstant(file.uploaded_at, i18n.language) })].filter(Boolean).join(" · ")}
        </Text>
        <Text size="xs" c="dimmed" className="wrap">{t("firmware_files.sha")}: <span className="code-text">{file.sha256}</span></Text>
        {may ? (
          <Group gap="xs" mt={6}>
            <Button variant="default" size="sm" leftSection={<IconPencil size={16} aria-hidden="true" />} onClick={onEdit} aria-label={`${t(purpose ? "firmware_files.edit" : "firmware_files.say")}: ${nameOf(file)}`}>
              {t(purpose ? "firmware_files.edit" : "firmware_files.say")}
            </Button>
            <Button variant="default" size="sm" leftSection={<IconTrash size={16} aria-hidden="true" />} onClick={onDelete} aria-label={`${t("do.delete")}: ${nameOf(file)}`}>
              {t("do.delete")}
            </Button>
          </Group>
        ) : null}
      </div>
    </li>
  );
}
