// Sets the clocks of all devices of a site, and says so.
import { Alert } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { setSiteTime } from "../../api/calls";
import { ErrorNote } from "../../ui/ErrorNote";

export function useSiteTime(siteId: string) {
  const { t } = useTranslation();
  const setting = useMutation({ mutationFn: () => setSiteTime(siteId) });
  return {
    set: () => setting.mutate(),
    word: setting.isIdle ? null : (
      <div role="status">
        <ErrorNote error={setting.error} />
        {setting.data ? (
          <Alert role="note" className="note note-good" icon={<IconClock aria-hidden="true" />}>{t("sites.time_asked", { count: setting.data.devices })}</Alert>
        ) : null}
      </div>
    ),
  };
}
