// A device's own label was scanned: it has no address, so that has to be typed.
import { Button, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Label } from "../../api/types";

interface Properties { label: Label; onAddByAddress: () => void; onAgain: () => void }

export function LabelStep({ label, onAddByAddress, onAgain }: Properties) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Title order={3} fz="h4">{t("scan.label_title")}</Title>
      <dl className="rows">
        <div><dt>{t("devices.serial")}</dt><dd className="mono">{label.serial}</dd></div>
        {label.model ? <div><dt>{t("devices.model")}</dt><dd>{label.model}</dd></div> : null}
      </dl>
      <Text>{t("scan.label_text")}</Text>
      <Button size="lg" onClick={onAddByAddress}>{t("devices.add_by_address")}</Button>
      <Button variant="subtle" onClick={onAgain}>{t("scan.again")}</Button>
    </Stack>
  );
}
