// The add wizard: what device it is, how far it is, and the one next step. The address of the page names the addition,
// so that a reload or a lost browser comes back to it.
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { AdditionSteps } from "./AdditionSteps";
import { useAddition } from "./useAddition";

interface Properties { id: string; siteId: string; opened: boolean; onClose: () => void; onScan: () => void; onByAddress: () => void }

export function AdditionDialog({ id, siteId, opened, onClose, onScan, onByAddress }: Properties) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} onClose={onClose} title={t("addition.title")}>
      <Followed id={id} siteId={siteId} onClose={onClose} onScan={onScan} onByAddress={onByAddress} />
    </Dialog>
  );
}

function Followed({ id, ...rest }: Omit<Properties, "opened">) {
  const { t } = useTranslation();
  const found = useAddition(id);
  if (found.data) return <AdditionSteps addition={found.data} {...rest} />;
  if (found.error instanceof ApiError && found.error.status === 404) return <Text>{t("addition.gone")}</Text>;
  if (found.error) return <ErrorNote error={found.error} onRetry={() => void found.refetch()} />;
  return <LoadingRows rows={2} />;
}
