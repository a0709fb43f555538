// The platform's own network is gone: nothing on the pages below can be known.
import { Alert } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getNetwork } from "../api/calls";
import { formatInstant } from "../texts/times";

const POLL = 20_000;

export function NetworkBanner() {
  const { t, i18n } = useTranslation();
  const network = useQuery({ queryKey: ["network"], queryFn: getNetwork, refetchInterval: POLL });
  const since = network.data?.lost_since;
  return (
    <div role="status" className="notices">
      {since ? (
        <Alert role="note" className="note note-bad" title={t("network.title")} icon={<IconPlugConnectedX aria-hidden="true" />}>
          {t("network.text", { at: formatInstant(since, i18n.language) })}
        </Alert>
      ) : null}
    </div>
  );
}
