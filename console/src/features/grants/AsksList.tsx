// What is asked for, or was given, a line each; the same for the company and for the owner.
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { GrantRequestKind, RequestedAsks } from "../../api/types";

/** Lines that are shown before the rest is only counted. */
const MOST = 8;

export function AsksList({ kind, asks }: { kind: GrantRequestKind; asks: RequestedAsks }) {
  const { t } = useTranslation();
  const lines = [
    ...(kind === "rental" ? [t("grants.rental")] : []),
    ...(kind === "serve" ? [t("grants.serve")] : []),
    ...(asks.site ? [t("handover.asks_site")] : []),
    ...asks.devices.map(({ device_name, permission, validity }) =>
      `${t(`device_permission.${permission}`)}: ${device_name || t("devices.unnamed")}, ${t(`validity.${validity}`)}`),
  ];
  return (
    <ul className="asks">
      {lines.slice(0, MOST).map((line, index) => <li key={index}><Text size="sm" className="wrap">{line}</Text></li>)}
      {lines.length > MOST ? <li><Text size="sm">{t("grants.more", { count: lines.length - MOST })}</Text></li> : null}
    </ul>
  );
}
