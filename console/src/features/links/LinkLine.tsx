// Through which link a device is reached; a link that is cut makes its devices unknown, which is said here.
import { IconPlugConnectedX, IconRouter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceSummary } from "../../api/types";

export function LinkLine({ link }: { link: NonNullable<DeviceSummary["link"]> }) {
  const { t } = useTranslation();
  const Icon = link.online ? IconRouter : IconPlugConnectedX;
  return (
    <span className={`link-line${link.online ? "" : " link-cut"}`}>
      <Icon size={16} aria-hidden="true" />
      {t(link.online ? "devices.via_link" : "devices.via_link_cut", { link: link.name })}
    </span>
  );
}
