// What a channel sees now: picture after picture, until it is paused.
import { Button, Group, Text } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconPointFilled, IconVideoOff } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { isGone } from "../../api/client";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { useNow } from "../../ui/useNow";
import { useFrames } from "./useFrames";

/** A picture that is older than this is not live. */
const STALE = 5000;

interface Properties { device: string; channel: number; name: string }

export function LivePicture({ device, channel, name }: Properties) {
  const { t, i18n } = useTranslation();
  const [paused, setPaused] = useState(false);
  const shown = useFrames(device, channel, !paused);
  const now = useNow(1000);
  const client = useQueryClient();
  // What may not be looked at any more is not to stay on the page.
  const gone = isGone(shown.error);
  useEffect(() => {
    if (gone) void client.invalidateQueries({ queryKey: ["my channels", device] });
  }, [gone, client, device]);
  const live = !paused && !shown.error && shown.at > 0 && now - shown.at < STALE;
  const at = shown.at ? formatInstant(new Date(shown.at).toISOString(), i18n.language) : "";
  return (
    <div className="live">
      <figure className="snapshot">
        {shown.picture ? (
          <img src={shown.picture} alt={t("my_view.picture", { name })} data-pictures={shown.count} className={live || paused ? undefined : "live-stale"} />
        ) : (
          <div className="live-none">
            <IconVideoOff size={34} stroke={1.4} aria-hidden="true" />
            <Text size="sm">{t(shown.error ? "my_view.no_picture" : "my_view.waiting")}</Text>
          </div>
        )}
        <figcaption>
          <Group justify="space-between" gap="sm">
            <Group gap="sm">
              <Text component="span" size="sm" fw={600} className={`live-mark${live ? " live-now" : ""}`}>
                <IconPointFilled size={16} aria-hidden="true" />
                {t(paused ? "my_view.paused" : live ? "my_view.live" : "my_view.not_live")}
              </Text>
              {shown.picture && !live ? <Text size="sm" c="dimmed">{t("my_view.of", { at })}</Text> : null}
            </Group>
            <Button
              variant="default" size="sm" onClick={() => setPaused(!paused)}
              leftSection={paused ? <IconPlayerPlay size={18} aria-hidden="true" /> : <IconPlayerPause size={18} aria-hidden="true" />}
            >
              {t(paused ? "my_view.go_on" : "my_view.pause")}
            </Button>
          </Group>
        </figcaption>
      </figure>
      <ErrorNote error={paused ? null : shown.error} />
    </div>
  );
}
