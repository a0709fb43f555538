// How often a rule would have fired in the last 30 days, before it is let loose.
import { Alert, Button, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { dryRunLinkageRule } from "../../api/calls";
import type { LinkageDryRunResult } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { formatThere } from "../managers/zonedTime";
import { isPeriod, type RuleDraft } from "./ruleDraft";

/** So many times are shown. */
const SHOWN = 20;

export function DryRun({ siteId, draft, zone }: { siteId: string; draft: RuleDraft; zone: string }) {
  const { t } = useTranslation();
  const trying = useMutation({
    mutationFn: ({ device, kind }: { device: string; kind: NonNullable<RuleDraft["kind"]> }) =>
      dryRunLinkageRule(siteId, { source: { device_id: device, channel: draft.channel, kind }, schedule: draft.periods }),
  });
  const { device, kind } = draft;
  const ready = device && kind && draft.periods.every(isPeriod);
  return (
    <div>
      <Button
        variant="default" loading={trying.isPending} disabled={!ready} leftSection={<IconHistory size={18} aria-hidden="true" />}
        onClick={() => (device && kind ? trying.mutate({ device, kind }) : undefined)}
      >
        {t("linkage.try")}
      </Button>
      <ErrorNote error={trying.error} />
      <div role="status">{trying.data ? <Outcome result={trying.data} zone={zone} /> : null}</div>
    </div>
  );
}

function Outcome({ result, zone }: { result: LinkageDryRunResult; zone: string }) {
  const { t, i18n } = useTranslation();
  const { count, events, times, complete } = result;
  return (
    <Alert role="note" className="note" mt="sm" title={t("linkage.would", { count })}>
      <Text size="sm">{t(events === 0 ? "linkage.told_nothing" : "linkage.told", { count: events })}</Text>
      {times.length > 0 ? (
        <ul className="linkage-times">
          {times.slice(0, SHOWN).map((at) => <li key={at}><time dateTime={at}>{formatThere(at, zone, i18n.language)}</time></li>)}
        </ul>
      ) : null}
      {times.length > SHOWN ? <Text size="sm" c="dimmed">{t("linkage.more_times", { n: count - SHOWN })}</Text> : null}
      {complete ? null : <Text size="sm">{t("linkage.not_all")}</Text>}
    </Alert>
  );
}
