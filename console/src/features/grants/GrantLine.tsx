// Something that an owner lets a company do: what, on which device, until when, and the way to end it.
import { Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Grant } from "../../api/types";
import { formatInstant } from "../../texts/times";

interface Properties { grant: Grant; action: string | null; onEnd: (grant: Grant) => void }

export function GrantLine({ grant, action, onEnd }: Properties) {
  const { t, i18n } = useTranslation();
  const at = (instant: string) => formatInstant(instant, i18n.language);
  const { device, permission, valid_until, first_used_at } = grant;
  const what = permission === "site" ? t("handover.asks_site") : t(`device_permission.${permission}`);
  const name = device ? device.name || t("devices.unnamed") : "";
  return (
    <li className="line invitation">
      <div className="grow">
        <Text fw={600} className="wrap">{[what, name].filter(Boolean).join(": ")}</Text>
        <Text size="sm" c="dimmed">
          {valid_until ? t("grants.until", { at: at(valid_until) }) : t("grants.no_end")}
          {device ? ` · ${first_used_at ? t("grants.used", { at: at(first_used_at) }) : t("grants.unused")}` : ""}
        </Text>
      </div>
      {action ? (
        <Button variant="default" size="sm" className="line-end" aria-label={[action, what, name].filter(Boolean).join(": ")} onClick={() => onEnd(grant)}>
          {action}
        </Button>
      ) : null}
    </li>
  );
}
