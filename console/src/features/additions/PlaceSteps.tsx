// Steps at which the device has a place: it was added now, or it is somewhere in this company already.
import { Button, Stack, Text } from "@mantine/core";
import { IconQrcode } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { moveDevice } from "../../api/calls";
import { ErrorNote } from "../../ui/ErrorNote";
import type { StepProperties } from "./StepForm";

export function AddedStep({ addition, onClose, onScan }: StepProperties) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      {addition.device_id ? (
        <Button size="lg" component={Link} to={`/devices/${addition.device_id}`}>{t("addition.open_device")}</Button>
      ) : null}
      <Button size="lg" variant="default" leftSection={<IconQrcode size={20} aria-hidden="true" />} onClick={onScan}>
        {t("addition.next_device")}
      </Button>
      <Button variant="subtle" onClick={onClose}>{t("do.done")}</Button>
    </Stack>
  );
}

export function ThisSiteStep(properties: StepProperties) {
  return <AddedStep {...properties} />;
}

export function OtherSiteStep({ addition, siteId }: StepProperties) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { device_id, other_site } = addition;
  const moving = useMutation({
    mutationFn: () => moveDevice(device_id ?? "", siteId),
    onSuccess: () => {
      for (const name of ["devices", "device", "site", "sites"]) void client.invalidateQueries({ queryKey: [name] });
      void navigate(`/devices/${device_id}`);
    },
  });
  return (
    <Stack gap="sm">
      <ErrorNote error={moving.error} />
      {device_id ? (
        <>
          <Button size="lg" component={Link} to={`/devices/${device_id}`}>
            {other_site ? t("addition.open_on", { site: other_site.name }) : t("addition.open_device")}
          </Button>
          <Button size="lg" variant="default" loading={moving.isPending} onClick={() => moving.mutate()}>{t("addition.move_here")}</Button>
        </>
      ) : <Text>{t("addition.out_of_reach")}</Text>}
    </Stack>
  );
}
