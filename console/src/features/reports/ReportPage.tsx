// The report of a site: availability, exceptions, disks and firmware over a span, with how downtime is counted.
import { Stack } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams, useSearchParams } from "react-router";
import { getSite, getSiteReport } from "../../api/calls";
import { serverNow } from "../../api/clock";
import type { Site } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { formatDay } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { ReportChoices } from "./ReportChoices";
import { ReportFiles } from "./ReportFiles";
import { ReportSheet } from "./ReportSheet";
import { addressOf, choiceOf, daysOf, questionOf, todayAt, type Choice } from "./span";
import "./reports.css";

export function ReportPage() {
  const { t } = useTranslation();
  const { siteId = "" } = useParams();
  const site = useQuery({ queryKey: ["site", siteId], queryFn: () => getSite(siteId) });
  if (site.data) return <SiteReportView site={site.data} />;
  if (!site.isError) return <LoadingRows />;
  return (
    <Stack gap="lg">
      <PageHead title={t("report.title")} up={{ to: "/sites", text: t("nav.sites") }} />
      <ErrorNote error={site.error} onRetry={() => void site.refetch()} />
    </Stack>
  );
}

function SiteReportView({ site }: { site: Site }) {
  const { t, i18n } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const today = todayAt(site.time_zone, serverNow());
  const choice = choiceOf(parameters, today);
  const report = useQuery({
    queryKey: ["report", site.id, questionOf(choice)], queryFn: () => getSiteReport(site.id, questionOf(choice)),
    placeholderData: keepPreviousData,
  });
  const change = (changed: Partial<Choice>) => {
    // From a preset to other days: one begins with those that are shown.
    const from = changed.preset && changed.preset !== "custom" ? daysOf(changed.preset, today) : {};
    setParameters(addressOf({ ...choice, ...from, ...changed }), { replace: true });
  };
  return (
    <Stack gap="lg">
      <PageHead
        title={t("report.title")} up={{ to: `/sites/${site.id}`, text: site.name }}
        hint={`${site.name}, ${formatDay(choice.from, i18n.language)} – ${formatDay(choice.to, i18n.language)}`}
        actions={<ReportFiles siteId={site.id} choice={choice} />}
      />
      <ReportChoices choice={choice} today={today} onChange={change} />
      <ErrorNote error={report.error} onRetry={() => void report.refetch()} />
      {report.data && !report.isError ? <ReportSheet report={report.data} stale={report.isPlaceholderData} /> : null}
      {report.isPending ? <LoadingRows /> : null}
    </Stack>
  );
}
