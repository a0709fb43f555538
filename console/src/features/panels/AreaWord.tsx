// What came of the last order to an area: done, or why not, with the way on.
import { Alert } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { PanelStatus } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { OpenZones } from "./OpenZones";
import { openZonesOf } from "./panelState";
import type { Control, usePanelControl } from "./usePanel";

interface Properties {
  status: PanelStatus; name: string; last: Extract<Control, { area: unknown }>; control: ReturnType<typeof usePanelControl>;
}

export function AreaWord({ status, name, last, control }: Properties) {
  const { t } = useTranslation();
  const open = openZonesOf(control.error);
  const { kind, area } = last;
  if (control.isSuccess) {
    return (
      <Alert role="status" className="note note-good" icon={<IconCircleCheck aria-hidden="true" />}>{t(`panel.said_${kind}`, { area: name })}</Alert>
    );
  }
  if (open && (kind === "away" || kind === "stay")) {
    return (
      <OpenZones
        status={status} zones={open} area={name} onClose={control.reset} onBypass={(bypass) => control.mutate({ kind, area, bypass })}
      />
    );
  }
  // A refusal to disarm is told in the dialog that asks for it.
  return kind === "disarm" ? null : <ErrorNote error={control.error} />;
}
