// One exit: the proof that no account of the company's people is on a panel any more, ready to print.
import { Alert, Button, Stack } from "@mantine/core";
import { IconCircleX, IconPrinter } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { getPanelExit, giveUpPanelExit } from "../../api/calls";
import { useLive } from "../../api/live";
import type { PanelExitProof } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { codeText } from "../../texts/errors";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useDialog } from "../../ui/useDialog";
import { useSession } from "../session/session";
import { exitName } from "./exitState";
import { ProofSheet } from "./ProofSheet";

/** Accounts go one by one: how far it is shows without a reload. */
const RUNNING = 3_000;

export function ExitPage() {
  const { t } = useTranslation();
  const { exitId = "" } = useParams();
  const poll = useLive();
  const exit = useQuery({
    queryKey: ["panel_exit", exitId], queryFn: () => getPanelExit(exitId),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? RUNNING : poll),
  });
  if (exit.data) return <ExitView exit={exit.data} />;
  if (!exit.isError) return <LoadingRows />;
  return (
    <Stack gap="lg">
      <PageHead title={t("exit.title")} up={{ to: "/panel-exits", text: t("exit.title") }} />
      <ErrorNote error={exit.error} onRetry={() => void exit.refetch()} />
    </Stack>
  );
}

function ExitView({ exit }: { exit: PanelExitProof }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const { staff } = useSession();
  const asking = useDialog();
  const running = exit.state === "running";
  return (
    <Stack gap="lg">
      <PageHead
        title={exitName(exit, t("devices.unnamed"))} up={{ to: "/panel-exits", text: t("exit.title") }}
        actions={
          <>
            <Button variant={running ? "default" : "filled"} leftSection={<IconPrinter size={18} aria-hidden="true" />} onClick={() => window.print()}>
              {t("exit.print")}
            </Button>
            {running && staff.is_admin ? (
              <Button variant="default" className="danger-text" leftSection={<IconCircleX size={18} aria-hidden="true" />} onClick={asking.open}>
                {t("exit.give_up")}
              </Button>
            ) : null}
          </>
        }
      />
      {running && exit.reason_code ? (
        <Alert role="note" className="note note-warn no-print" title={t("exit.held_up")}>
          {codeText(i18n, exit.reason_code, exit.reason_code)} {t("exit.goes_on")}
        </Alert>
      ) : null}
      <ProofSheet exit={exit} />
      <ConfirmDialog
        opened={asking.opened} onClose={asking.close} title={t("exit.give_up_title")}
        text={t("exit.give_up_text", { names: exit.waiting_for.join(", ") || t("exit.nobody") })} action={t("exit.give_up")}
        run={() => giveUpPanelExit(exit.id)}
        onDone={() => {
          asking.close();
          void client.invalidateQueries({ queryKey: ["panel_exit", exit.id] });
          void client.invalidateQueries({ queryKey: ["panel_exits"] });
        }}
      />
    </Stack>
  );
}
