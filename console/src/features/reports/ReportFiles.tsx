// The report as files, and on paper as the page shows it.
import { Button, Menu } from "@mantine/core";
import { IconFileTypePdf, IconPrinter, IconTable } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { fileAddress, type Choice } from "./span";

const TABLES = ["devices", "days", "exceptions", "disks"] as const;

export function ReportFiles({ siteId, choice }: { siteId: string; choice: Choice }) {
  const { t, i18n } = useTranslation();
  const language = i18n.language.startsWith("ru") ? "ru" : "en";
  return (
    <>
      <Button
        component="a" href={fileAddress(siteId, "pdf", choice, { language })} download
        leftSection={<IconFileTypePdf size={18} aria-hidden="true" />}
      >
        {t("report.pdf")}
      </Button>
      <Menu position="bottom-end" shadow="md" width={220}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconTable size={18} aria-hidden="true" />}>{t("report.csv")}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {TABLES.map((table) => (
            <Menu.Item key={table} component="a" href={fileAddress(siteId, "csv", choice, { table })} download>
              {t(`report.csv_${table}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button variant="default" leftSection={<IconPrinter size={18} aria-hidden="true" />} onClick={() => window.print()}>
        {t("report.print")}
      </Button>
    </>
  );
}
