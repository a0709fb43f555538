// The areas of a panel: whether each is armed, and what can be done with it.
import { Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PanelArea, PanelStatus } from "../../api/types";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import type { Fact } from "../devices/facts";
import { Section } from "../devices/Section";
import { AreaButtons, AreaHead } from "./AreaParts";
import { AreaWord } from "./AreaWord";
import { areaButtons, areaName, areasInUse, type AreaButton } from "./panelState";
import type { usePanelControl } from "./usePanel";

const EVERY: AreaButton[] = ["away", "stay", "disarm"];

interface Properties { status: PanelStatus; fact: Fact<unknown>; control: ReturnType<typeof usePanelControl> }

export function AreasPanel({ status, fact, control }: Properties) {
  const { t } = useTranslation();
  // An area, or null for all of them.
  const [asked, setAsked] = useState<{ area: PanelArea | null } | null>(null);
  const areas = areasInUse(status);
  const last = control.variables && "area" in control.variables ? control.variables : null;
  const parts = (area: PanelArea | null, buttons: AreaButton[]) => {
    const id = area?.id ?? null;
    return (
      <>
        <AreaButtons
          name={areaName(t, area)} buttons={buttons} busy={control.isPending && last?.area === id ? last.kind : null}
          onPress={(button) => (button === "disarm" ? setAsked({ area }) : control.mutate({ kind: button, area: id }))}
        />
        {last?.area === id ? <AreaWord status={status} name={areaName(t, area)} last={last} control={control} /> : null}
      </>
    );
  };
  return (
    <Section title={t("panel.areas")} fact={fact}>
      {status.areas === null ? <Text c="dimmed">{t("panel.not_told")}</Text> : null}
      <ul className="area-list">
        {areas.map((area) => (
          <li key={area.id} className={`area${area.alarm === true && fact.fresh ? " area-alarm" : ""}`}>
            <AreaHead area={area} fresh={fact.fresh} />
            {parts(area, areaButtons(area, fact.fresh))}
          </li>
        ))}
        {areas.length > 1 ? (
          <li className="area area-all">
            <Text fw={600}>{t("panel.all_areas")}</Text>
            {parts(null, EVERY)}
          </li>
        ) : null}
      </ul>
      <ConfirmDialog
        opened={asked !== null} onClose={() => setAsked(null)}
        title={asked?.area ? t("panel.disarm_title", { area: areaName(t, asked.area) }) : t("panel.disarm_title_all")}
        text={t("panel.disarm_text")} action={t("panel.disarm")}
        run={() => control.mutateAsync({ kind: "disarm", area: asked?.area?.id ?? null })}
        onDone={() => setAsked(null)}
      />
    </Section>
  );
}
