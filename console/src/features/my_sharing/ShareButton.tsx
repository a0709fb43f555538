// The way from a site or a device of one's own to sharing it.
import { Button } from "@mantine/core";
import { IconShare3 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

export function ShareButton({ siteId, deviceId }: { siteId: string; deviceId?: string }) {
  const { t } = useTranslation();
  const to = `/my/sharing?share=${siteId}${deviceId ? `&device=${deviceId}` : ""}`;
  return (
    <Button component={Link} to={to} variant="default" leftSection={<IconShare3 size={18} aria-hidden="true" />}>{t("sharing.share")}</Button>
  );
}
