// The device belongs to another account: unbind it here, or what to do where that is not possible.
import { Button, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ServiceCentre } from "../unbind/ServiceCentre";
import type { StepProperties } from "./StepForm";

export function SomeoneElsesStep({ addition, siteId }: StepProperties) {
  const { t } = useTranslation();
  const barred = addition.unbind && !addition.unbind.possible ? addition.unbind.reason : null;
  if (barred === "firmware" || barred === "ezviz") return <ServiceCentre serial={addition.serial} reason={barred} />;
  return (
    <Stack gap="sm">
      {barred ? <Text>{t(`unbind_barred.${barred}`)}</Text> : null}
      <Button
        size="lg" component={Link} variant={barred ? "default" : "filled"}
        to={`/sites/${siteId}/unbind?serial=${encodeURIComponent(addition.serial)}&addition=${addition.id}`}
      >
        {t("unbind.start")}
      </Button>
      <Text size="sm" c="dimmed">{t("unbind.local_menu")}</Text>
    </Stack>
  );
}
