// A device that cannot be unbound here: what to send to the maker's service centre, ready to copy.
import { Alert, Stack, Text } from "@mantine/core";
import { IconHeadset } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { CopyLine } from "../../ui/CopyLine";

export function ServiceCentre({ serial, reason }: { serial: string; reason: "firmware" | "ezviz" }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Alert role="note" className="note note-warn" title={t("service_centre.title")} icon={<IconHeadset aria-hidden="true" />}>
        {t(`service_centre.${reason}`)}
      </Alert>
      <Text>{t("service_centre.what")}</Text>
      <CopyLine label={t("devices.serial")} text={serial} large />
      <CopyLine label={t("service_centre.text")} text={t("service_centre.letter", { serial })} />
    </Stack>
  );
}
