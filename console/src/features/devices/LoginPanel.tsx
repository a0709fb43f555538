// The device refuses the login or has locked it: nothing is tried again until a person acts.
import { Alert, Button, Group } from "@mantine/core";
import { IconKeyOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Reachability } from "../../api/facts";
import type { Device } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { factOf } from "./facts";

export function LoginPanel({ device, onEdit, onCheck }: { device: Device; onEdit: () => void; onCheck: () => void }) {
  const { t, i18n } = useTranslation();
  const { state, until } = device.credential;
  if (state === "ok") return null;
  const locked = state === "locked";
  const tries = factOf<Reachability>(device, "reachability")?.value.tries_left;
  return (
    <Alert
      className="note note-warn" icon={<IconKeyOff aria-hidden="true" />}
      title={t(locked ? "login_refused.locked" : "login_refused.title")}
    >
      {t(locked ? "login_refused.locked_text" : "login_refused.text")}
      {until ? ` ${t("login_refused.until", { at: formatInstant(until, i18n.language) })}` : ""}
      {typeof tries === "number" ? ` ${t("login_refused.tries", { n: tries })}` : ""}
      <Group mt="sm" gap="sm">
        <Button onClick={onEdit}>{t("login_refused.edit")}</Button>
        <Button variant="default" onClick={onCheck}>{t("do.retry")}</Button>
      </Group>
    </Alert>
  );
}
