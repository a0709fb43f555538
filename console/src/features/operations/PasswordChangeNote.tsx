// How a change of a device's password goes, or went.
import { Alert, Loader } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types";
import { codeText } from "../../texts/errors";
import { formatInstant } from "../../texts/times";

const ASK_EVERY = 2_000;

export function PasswordChangeNote({ device }: { device: Device }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const change = device.password_change;
  const going = change?.state === "waiting" || change?.state === "running";
  useEffect(() => {
    if (!going) return;
    const timer = window.setInterval(() => void client.invalidateQueries({ queryKey: ["device", device.id] }), ASK_EVERY);
    return () => window.clearInterval(timer);
  }, [client, going, device.id]);
  if (!change) return null;
  const tone = change.state === "done" ? " note-good" : change.state === "failed" ? " note-bad" : "";
  const icon = change.state === "done" ? <IconCircleCheck aria-hidden="true" />
    : change.state === "failed" ? <IconCircleX aria-hidden="true" /> : <Loader size={18} aria-hidden="true" />;
  return (
    <Alert className={`note${tone}`} role="status" icon={icon}>
      {t(`password_change.${change.state}`, { at: formatInstant(change.requested_at, i18n.language) })}
      {change.reason ? ` ${codeText(i18n, change.reason, change.reason)}` : ""}
    </Alert>
  );
}
