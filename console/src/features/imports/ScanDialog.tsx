// "Add devices": a code becomes a list to import or an addition that the wizard goes on with. Loaded when first opened.
import { Alert, Button, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useReducer } from "react";
import { useTranslation } from "react-i18next";
import { confirmImport, giveImportPassword, scanPicture, scanText } from "../../api/calls";
import { ApiError } from "../../api/client";
import type { Addition, Import, Label } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { CaptureStep } from "./CaptureStep";
import { LabelStep } from "./LabelStep";
import { PasswordStep } from "./PasswordStep";
import { ProgressStep, ResultStep } from "./ProgressStep";
import { RowsStep } from "./RowsStep";
import { begunBy, nextScanState, START } from "./scanState";
import { useImportProgress } from "./useImportProgress";

interface Properties {
  siteId: string; opened: boolean; onClose: () => void; onAddition: (addition: Addition) => void;
  onByAddress: (label: Label | null) => void;
}

export function ScanDialog({ siteId, opened, onClose, onAddition, onByAddress }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [state, send] = useReducer(nextScanState, START);
  const { import: found, label } = state;

  const changed = (next: Import) => {
    send({ type: "import_changed", import: next });
    if (next.state === "done") {
      for (const name of ["devices", "site", "sites"]) void client.invalidateQueries({ queryKey: [name] });
    }
  };
  const refused = (error: Error) => {
    if (error instanceof ApiError && error.code === "import_expired") send({ type: "expired" });
  };
  const scanning = useMutation({
    mutationFn: (code: string | File) => (typeof code === "string" ? scanText(siteId, code) : scanPicture(siteId, code)),
    onSuccess: (scan) => {
      const addition = begunBy(scan);
      if (addition) onAddition(addition);
      else send({ type: "scanned", scan });
    },
  });
  const unlocking = useMutation({
    mutationFn: (password: string) => giveImportPassword(found?.id ?? "", password), onSuccess: changed, onError: refused,
  });
  const confirming = useMutation({
    mutationFn: () => confirmImport(found?.id ?? "", [...state.ticked].sort((one, other) => one - other)),
    onSuccess: changed, onError: refused,
  });
  useImportProgress(opened && state.step === "progress" ? (found?.id ?? null) : null, changed);
  const again = () => {
    for (const call of [scanning, unlocking, confirming]) call.reset();
    send({ type: "restarted" });
  };
  const scan = (code: string | File) => {
    if (!scanning.isPending) scanning.mutate(code);
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("scan.title")}>
      {state.step === "capture" ? (
        <CaptureStep
          siteId={siteId} busy={scanning.isPending} error={scanning.error} onText={scan} onPicture={scan} onWay={scanning.reset}
          onAddition={onAddition} onByAddress={() => onByAddress(null)}
        />
      ) : null}
      {state.step === "password" ? (
        <PasswordStep
          sealed={found?.kind === "sealed"} busy={unlocking.isPending} error={unlocking.error}
          onPassword={(text) => unlocking.mutate(text)}
        />
      ) : null}
      {state.step === "rows" && found ? (
        <RowsStep
          found={found} ticked={state.ticked} busy={confirming.isPending} error={confirming.error}
          onTick={(index, on) => send({ type: "ticked", index, on })} onTickAll={(on) => send({ type: "all_ticked", on })}
          onConfirm={() => confirming.mutate()}
        />
      ) : null}
      {state.step === "progress" && found ? <ProgressStep found={found} /> : null}
      {state.step === "result" && found ? <ResultStep found={found} onClose={onClose} onAgain={again} /> : null}
      {state.step === "expired" ? (
        <Stack>
          <Alert className="note note-warn" title={t("scan.expired_title")}>{t("scan.expired_text")}</Alert>
          <Button size="lg" onClick={again}>{t("scan.again")}</Button>
        </Stack>
      ) : null}
      {state.step === "label" && label ? (
        <LabelStep siteId={siteId} label={label} onAddition={onAddition} onByAddress={() => onByAddress(label)} onAgain={again} />
      ) : null}
    </Dialog>
  );
}
