// The way from a site to its report.
import { Button } from "@mantine/core";
import { IconReportAnalytics } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "../session/session";

export function ReportButton({ siteId }: { siteId: string }) {
  const { t } = useTranslation();
  const may = useMay();
  if (!may("view_exceptions")) return null;
  return (
    <Button
      component={Link} to={`/sites/${siteId}/report`} variant="default"
      leftSection={<IconReportAnalytics size={18} aria-hidden="true" />}
    >
      {t("report.open")}
    </Button>
  );
}
