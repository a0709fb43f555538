// When the panel was last compared, when next, and what is in the way where it cannot be.
import { Alert, Text } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Device, PanelAccountsState } from "../../api/types";
import { codeText } from "../../texts/errors";
import { formatAge, formatInstant, formatSpan, secondsSince } from "../../texts/times";
import { useNow } from "../../ui/useNow";

interface Properties { device: Device; state: PanelAccountsState; waiting: boolean }

/** The login has to be put right by a person: until then nothing is tried. */
const BY_LOGIN = new Set(["device_login_refused", "device_locked"]);

export function ComparisonNote({ device, state, waiting }: Properties) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const last = state.checked_at
    ? t("account.compared", { age: formatAge(secondsSince(state.checked_at, now), t) }) : t("account.never");
  const left = -secondsSince(state.due_at, now);
  const next = left > 0 ? t("account.next", { span: formatSpan(left, t) }) : t("account.next_now");
  const code = state.reason_code;
  return (
    <>
      <Text size="sm" c="dimmed" component="div" role="status">
        {state.checked_at ? <time dateTime={state.checked_at} title={formatInstant(state.checked_at, i18n.language)}>{last}</time> : last}
        {" · "}
        {waiting ? t("account.comparing") : next}
      </Text>
      {code ? (
        <Alert role="note" className="note note-warn" icon={<IconPlugConnectedX aria-hidden="true" />} title={t("account.not_compared")}>
          {codeText(i18n, code, code)}{" "}
          {BY_LOGIN.has(code) ? (
            <>{t("account.rests")} <Link to={`/devices/${device.id}`} className="link">{t("addition.open_device")}</Link></>
          ) : t("account.tried_again")}
        </Alert>
      ) : null}
    </>
  );
}
