// The firmware is too old: the device is added and upgraded in one go, or a person upgrades it and looks again.
import { Button, Stack, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { upgradeAddition } from "../../api/calls";
import { ErrorNote } from "../../ui/ErrorNote";
import { useMay } from "../session/session";
import { AgainStep } from "./LookSteps";
import type { StepProperties } from "./StepForm";
import { useStep } from "./useAddition";

export function UpgradeStep(properties: StepProperties) {
  const { t } = useTranslation();
  const may = useMay();
  const step = useStep(() => upgradeAddition(properties.addition.id));
  return (
    <Stack>
      {may("upgrade_firmware") ? (
        <>
          <ErrorNote error={step.error} />
          <Button size="lg" loading={step.isPending} leftSection={<IconUpload size={20} aria-hidden="true" />} onClick={() => step.mutate(undefined)}>
            {t("addition.add_and_upgrade")}
          </Button>
          <Text size="sm" c="dimmed">{t("addition.add_and_upgrade_hint")}</Text>
        </>
      ) : null}
      <AgainStep {...properties} />
    </Stack>
  );
}
