// Remote configuration: the device's own pages in a tab of their own, at an address that ends soon.
import { Alert, Anchor } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { openRemoteSession } from "../../api/calls";

export function useRemote(deviceId: string) {
  const { t } = useTranslation();
  const opening = useMutation({
    // The tab is opened by the tap itself: browsers hold back what opens later by itself.
    mutationFn: async (tab: Window | null) => {
      const session = await openRemoteSession(deviceId).catch((error: unknown) => {
        tab?.close();
        throw error;
      });
      const reached = tab !== null && session.url !== null;
      if (reached) tab.location.href = session.url ?? "";
      return { ...session, reached };
    },
  });
  const session = opening.data;
  return {
    open: () => {
      const tab = window.open("", "_blank");
      if (tab) tab.opener = null;
      opening.mutate(tab);
    },
    reset: opening.reset,
    error: opening.error,
    note: session ? (
      <Alert role="note" className="note">
        {t("operation.remote_opened", { n: session.idle_minutes })}{" "}
        {session.url && !session.reached ? (
          <Anchor href={session.url} target="_blank" rel="noreferrer" underline="always">{t("operation.remote_open")}</Anchor>
        ) : null}
      </Alert>
    ) : null,
  };
}
