// "LAN devices found here": what the site's links see; many are ticked, given passwords and names, and added in one go.
import { Button, Stack } from "@mantine/core";
import { IconRadar2, IconRouter } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { discover, getSite, listFound, listLinks } from "../../api/calls";
import { useLive } from "../../api/live";
import type { Addition } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { chosen, START, type Batch } from "./batchState";
import { BatchForm } from "./BatchForm";
import { BatchProgress } from "./BatchProgress";
import { FoundList } from "./FoundList";

/** What a link finds makes no event of its own. */
const ASK_EVERY = 5_000;

export function FoundPage() {
  const { t } = useTranslation();
  const { siteId = "" } = useParams();
  const client = useQueryClient();
  useLive(siteId);
  const [batch, setBatch] = useState<Batch>(START);
  const [step, setStep] = useState<"choose" | "form" | { begun: Addition[] }>("choose");
  const site = useQuery({ queryKey: ["site", siteId], queryFn: () => getSite(siteId) });
  const links = useQuery({ queryKey: ["links", siteId], queryFn: () => listLinks(siteId) });
  const found = useQuery({ queryKey: ["found", siteId], queryFn: () => listFound(siteId), refetchInterval: ASK_EVERY });
  const online = links.data?.items.filter(({ state }) => state === "online") ?? [];
  const looking = useMutation({
    mutationFn: () => Promise.all(online.map(({ id }) => discover(id))),
    onSettled: () => void client.invalidateQueries({ queryKey: ["found"] }),
  });
  const devices = found.data?.items ?? [];
  const ready = chosen(batch, devices);
  return (
    <Stack gap="lg">
      <PageHead
        title={t("found.title")} hint={t("found.hint")} up={{ to: `/sites/${siteId}`, text: site.data?.name ?? t("nav.sites") }}
        actions={step === "choose" && online.length > 0 ? (
          <Button
            variant="default" leftSection={<IconRadar2 size={18} aria-hidden="true" />} loading={looking.isPending}
            onClick={() => looking.mutate()}
          >
            {t("links.look")}
          </Button>
        ) : null}
      />
      <ErrorNote error={looking.error} />
      {found.isError ? <ErrorNote error={found.error} onRetry={() => void found.refetch()} /> : null}
      {found.isPending ? <LoadingRows rows={4} /> : null}
      {found.isSuccess && devices.length === 0 ? (
        <Empty Icon={IconRouter} title={t("found.empty")} hint={t(online.length > 0 ? "found.empty_hint" : "found.no_link_hint")}>
          <Button component={Link} to={`/sites/${siteId}/links`} variant={online.length > 0 ? "default" : "filled"}>
            {t(online.length > 0 ? "links.title" : "links.set_up")}
          </Button>
        </Empty>
      ) : null}
      {devices.length > 0 && step === "choose" ? (
        <FoundList siteId={siteId} devices={devices} batch={batch} setBatch={setBatch} onNext={() => setStep("form")} />
      ) : null}
      {step === "form" ? (
        <BatchForm
          siteId={siteId} devices={ready} batch={batch} setBatch={setBatch} onBack={() => setStep("choose")}
          onStarted={(begun) => setStep({ begun })}
        />
      ) : null}
      {typeof step === "object" ? (
        <BatchProgress
          siteId={siteId} begun={step.begun}
          onMore={() => {
            setBatch(START);
            setStep("choose");
            void client.invalidateQueries({ queryKey: ["found"] });
          }}
        />
      ) : null}
    </Stack>
  );
}
