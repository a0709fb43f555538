// A wrong clock, and setting it right: the device gets the time and the time zone of its site.
import { Alert, Button, Text } from "@mantine/core";
import { IconClockExclamation } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Clock } from "../../api/facts";
import { setDeviceTime } from "../../api/calls";
import type { Device } from "../../api/types";
import { formatSpan } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { factOf } from "./facts";

/** Shown while the clock is known to be wrong; who may not set it sees that it is. */
export function ClockFix({ device }: { device: Device }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const set = useMutation({
    mutationFn: () => setDeviceTime(device.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["device", device.id] }),
  });
  const offset = factOf<Clock>(device, "clock")?.value.offset_seconds ?? 0;
  if (!device.open_exceptions.some((open) => open.kind === "clock_drift")) return null;
  return (
    <Alert role="note" className="note note-warn" icon={<IconClockExclamation aria-hidden="true" />} title={t("clock.wrong")}>
      <Text size="sm">
        {t(offset > 0 ? "clock.ahead" : "clock.behind", { span: formatSpan(Math.abs(offset), t) })}
      </Text>
      {device.operations.includes("time") ? (
        <Button mt="sm" variant="default" loading={set.isPending} disabled={set.isSuccess} onClick={() => set.mutate()}>
          {t("clock.set")}
        </Button>
      ) : null}
      <Text size="sm" role="status" mt={set.isSuccess ? "xs" : 0}>{set.isSuccess ? t("clock.set_done") : ""}</Text>
      <ErrorNote error={set.error} />
    </Alert>
  );
}
