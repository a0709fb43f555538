// Pages that say that there is no page.
import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useRouteError } from "react-router";
import { Empty } from "../ui/Empty";
import { Outside } from "./Outside";
import { useTitle } from "./useTitle";

export function NotFound() {
  const { t } = useTranslation();
  useTitle(t("app.not_found"));
  return (
    <Empty Icon={IconMapOff} title={t("app.not_found")} hint={t("app.not_found_hint")} order={1}>
      <Button component={Link} to="/sites">{t("nav.sites")}</Button>
    </Empty>
  );
}

export function Crashed() {
  const { t } = useTranslation();
  const error = useRouteError();
  console.error(error);
  return (
    <Outside title={t("app.crashed")}>
      <Empty Icon={IconMapOff} title={t("app.crashed")} order={1}>
        <Button onClick={() => window.location.reload()}>{t("app.reload")}</Button>
      </Empty>
    </Outside>
  );
}
