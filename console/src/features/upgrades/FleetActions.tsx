// The ways from "who runs what" to upgrades and to the files for them.
import { Button } from "@mantine/core";
import { IconFiles, IconProgress } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "../session/session";

export function FleetActions() {
  const { t } = useTranslation();
  const may = useMay();
  if (!may("upgrade_firmware")) return null;
  return (
    <>
      <Button component={Link} to="/upgrades" variant="default" leftSection={<IconProgress size={18} aria-hidden="true" />}>{t("upgrades.open_list")}</Button>
      <Button component={Link} to="/firmware" variant="default" leftSection={<IconFiles size={18} aria-hidden="true" />}>{t("upgrades.catalogue")}</Button>
    </>
  );
}
