// A device's own label was scanned, but not enough of it to begin: the rest is typed.
import { Button, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Addition, Label } from "../../api/types";
import { SerialForm } from "../additions/SerialForm";

interface Properties {
  siteId: string; label: Label; onAddition: (addition: Addition) => void; onByAddress: () => void; onAgain: () => void;
}

export function LabelStep({ siteId, label, onAddition, onByAddress, onAgain }: Properties) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Title order={3} fz="h4">{t("scan.label_title")}</Title>
      <Text>{[label.model, t("scan.label_text")].filter(Boolean).join(": ")}</Text>
      <SerialForm siteId={siteId} serial={label.serial} onAddition={onAddition} onByAddress={onByAddress} />
      <Button variant="subtle" onClick={onAgain}>{t("scan.again")}</Button>
    </Stack>
  );
}
