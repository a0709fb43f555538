// Ticks sites to give them managers together.
import { Button, Checkbox, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SiteSummary } from "../../api/types";
import { MOST, type ChosenSite } from "./managerState";

/** By id; kept also while a filter hides some of them. */
export type Ticked = ReadonlyMap<string, ChosenSite>;

interface Properties {
  sites: SiteSummary[]; ticked: Ticked; onTick: (ticked: Ticked) => void; onNext: () => void; onCancel: () => void;
}

export function SiteTicks({ sites, ticked, onTick, onNext, onCancel }: Properties) {
  const { t } = useTranslation();
  const shown = sites.filter(({ id }) => ticked.has(id)).length;
  const tick = (which: ChosenSite[], on: boolean) => {
    const next = new Map(ticked);
    for (const { id, name, time_zone } of which) {
      if (on) next.set(id, { id, name, time_zone });
      else next.delete(id);
    }
    onTick(next);
  };
  return (
    <>
      <div className="card">
        <Group justify="space-between" className="tick-all">
          <Checkbox
            size="md" label={t("managers.tick_all")} checked={shown === sites.length} indeterminate={shown > 0 && shown < sites.length}
            onChange={(event) => tick(sites, event.currentTarget.checked)}
          />
          <Text size="sm" c="dimmed" role="status">{t("managers.ticked", { count: ticked.size })}</Text>
        </Group>
        <ul className="import-rows" aria-label={t("sites.title")}>
          {sites.map((site) => (
            <li key={site.id} className="import-row">
              <Checkbox
                size="md" checked={ticked.has(site.id)} onChange={(event) => tick([site], event.currentTarget.checked)}
                label={(
                  <span className="row-body">
                    <span className="row-name">{site.name}</span>
                    <Text component="span" size="sm" c="dimmed">{[site.address, site.time_zone].filter(Boolean).join(" · ")}</Text>
                  </span>
                )}
              />
            </li>
          ))}
        </ul>
      </div>
      <div className="page-foot">
        {ticked.size > MOST ? <Text size="sm" c="dimmed">{t("managers.most", { n: MOST })}</Text> : null}
        <Group gap="sm" className="button-pair">
          <Button size="lg" disabled={ticked.size === 0 || ticked.size > MOST} onClick={onNext}>{t("managers.choose")}</Button>
          <Button size="lg" variant="default" onClick={onCancel}>{t("do.cancel")}</Button>
        </Group>
      </div>
    </>
  );
}
