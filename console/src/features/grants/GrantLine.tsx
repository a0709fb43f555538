// Something that an owner lets a company do: what, on which device, until when, and the way to end it.
import { Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Grant } from "../../api/types";
import { formatInstant, type Translate } from "../../texts/times";

interface Properties { grant: Grant; action: string | null; onEnd: (grant: Grant) => void }

/** What is allowed, and on which device. */
export function grantName(t: Translate, { permission, device }: Grant): string {
  if (permission === "site") return t("handover.asks_site");
  return `${t(`device_permission.${permission}`)}: ${device?.name || t("devices.unnamed")}`;
}

/** The one on which all others rest stands first. */
export const siteFirst = (grants: Grant[]): Grant[] =>
  [...grants].sort((one, other) => Number(other.permission === "site") - Number(one.permission === "site"));

export function GrantLine({ grant, action, onEnd }: Properties) {
  const { t, i18n } = useTranslation();
  const at = (instant: string) => formatInstant(instant, i18n.language);
  const { device, valid_until, first_used_at } = grant;
  const name = grantName(t, grant);
  return (
    <li className="line invitation">
      <div className="grow">
        <Text fw={600} className="wrap">{name}</Text>
        <Text size="sm" c="dimmed">
          {valid_until ? t("grants.until", { at: at(valid_until) }) : t("grants.no_end")}
          {device ? ` · ${first_used_at ? t("grants.used", { at: at(first_used_at) }) : t("grants.unused")}` : ""}
        </Text>
      </div>
      {action ? (
        <Button variant="default" size="sm" className="line-end" aria-label={`${action}: ${name}`} onClick={() => onEnd(grant)}>
          {action}
        </Button>
      ) : null}
    </li>
  );
}
