// Gives many sites their managers at once, from the list of sites: the parts, for the page to place.
import { Alert, Button } from "@mantine/core";
import { IconCircleCheck, IconUserCog } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SiteSummary } from "../../api/types";
import { useDialog } from "../../ui/useDialog";
import { useMay } from "../session/session";
import { ManagersDialog } from "./ManagersDialog";
import { SiteTicks, type Ticked } from "./SiteTicks";

export function useAssigning(sites: SiteSummary[]) {
  const { t } = useTranslation();
  const may = useMay()("manage_all_sites");
  const dialog = useDialog();
  const [ticked, setTicked] = useState<Ticked | null>(null);
  const [saved, setSaved] = useState(0);
  const ticking = ticked !== null && (saved === 0 || dialog.opened);
  return {
    button: may && !ticking ? (
      <Button
        disabled={sites.length === 0} variant="default" leftSection={<IconUserCog size={18} aria-hidden="true" />}
        onClick={() => {
          setSaved(0);
          setTicked(new Map());
        }}
      >
        {t("managers.assign")}
      </Button>
    ) : null,
    /** Takes the list's place while sites are ticked. */
    ticks: ticking ? (
      <SiteTicks sites={sites} ticked={ticked} onTick={setTicked} onNext={dialog.open} onCancel={() => setTicked(null)} />
    ) : null,
    word: (
      <div role="status" className="said">
        {saved > 0 ? (
          <Alert role="note" className="note note-good" icon={<IconCircleCheck aria-hidden="true" />}>{t("managers.saved_sites", { count: saved })}</Alert>
        ) : null}
      </div>
    ),
    dialog: dialog.key > 0 && ticked ? (
      <ManagersDialog
        key={dialog.key} sites={[...ticked.values()]} start={null} opened={dialog.opened} onClose={dialog.close} onSaved={setSaved}
      />
    ) : null,
  };
}
