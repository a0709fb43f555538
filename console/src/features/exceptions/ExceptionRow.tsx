// One exception in a list, and what it follows from.
import { Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconEyeOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Exception } from "../../api/types";
import { formatInstant, formatSpan, secondsSince } from "../../texts/times";
import { useNow } from "../../ui/useNow";
import { exceptionText } from "./exceptionText";

interface Properties {
  exception: Exception; withDevice: boolean;
  /** Narrows the list to what follows from the same cause. */
  onCause?: (cause: { id: string; name: string }) => void;
}

export function ExceptionRow({ exception, withDevice, onCause }: Properties) {
  const { t, i18n } = useTranslation();
  const now = useNow(30_000);
  const at = formatInstant(exception.opened_at, i18n.language);
  const open = exception.closed_at === null;
  // It did not get better: nobody watches the device any more.
  const unwatched = exception.closed_because;
  const seconds = exception.duration_seconds ?? secondsSince(exception.opened_at, now);
  // What is its own cause follows from nothing.
  const cause = exception.cause?.cause_id === exception.device_id ? null : exception.cause;
  const causeName = cause ? cause.name || t("devices.unnamed") : "";
  return (
    <li className="exception-row">
      <span className={`badge tone-${open ? "offline" : unwatched ? "unknown" : "healthy"}`}>
        {open ? <IconAlertTriangle size={15} aria-hidden="true" /> : unwatched ? <IconEyeOff size={15} aria-hidden="true" /> : <IconCircleCheck size={15} aria-hidden="true" />}
        {t(open ? "exceptions.state_open" : "exceptions.state_closed")}
      </span>
      <div className="grow">
        <Text fw={600}>
          {exceptionText(t, exception.kind, exception.part)}{" "}
          <span className={`severity severity-${exception.severity}`}>{t(`severity.${exception.severity}`)}</span>
        </Text>
        {withDevice ? (
          <Text size="sm" className="wrap">
            <Link to={`/devices/${exception.device_id}`} className="link">{exception.device_name || t("devices.unnamed")}</Link>
            {" · "}
            <Link to={`/sites/${exception.site_id}`} className="link">{exception.site_name}</Link>
          </Text>
        ) : null}
        <Text size="sm" c="dimmed">
          {open ? `${t("exceptions.opened", { at })} · ${formatSpan(seconds, t)}` : t("exceptions.lasted", { at, span: formatSpan(seconds, t) })}
          {unwatched ? ` · ${t(`monitoring.${unwatched}`)}` : ""}
        </Text>
        {cause && onCause ? (
          <UnstyledButton
            className="link cause-link" aria-label={t("exceptions.only_cause", { name: causeName })}
            onClick={() => onCause({ id: cause.cause_id, name: causeName })}
          >
            {t("exceptions.because", { name: causeName })}
          </UnstyledButton>
        ) : cause ? <Text size="sm" c="dimmed" className="wrap">{t("exceptions.because", { name: causeName })}</Text> : null}
      </div>
    </li>
  );
}
