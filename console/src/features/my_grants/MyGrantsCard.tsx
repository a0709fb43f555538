// What an owner lets the company of a site do, each with the way to take it back.
import { Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listMyGrants, revokeGrant } from "../../api/calls";
import type { Grant } from "../../api/types";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useDialog } from "../../ui/useDialog";
import { GrantLine, grantName, siteFirst } from "../grants/GrantLine";

/** A permission ends by itself: it is asked again even when nothing else changes. */
const POLL = 30_000;
/** What shows something else afterwards. */
const CHANGED = ["my grants", "my site", "my sites", "my site access"];

interface Shown {
  siteId: string;
  company: string | null;
  /** Whether the company may manage the site: without that, what is allowed on devices rests. */
  authorized: boolean;
  poll: number | false;
}

export function MyGrantsCard({ siteId, company, authorized, poll }: Shown) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const revoking = useDialog();
  const [chosen, setChosen] = useState<Grant | null>(null);
  const grants = usePages("my grants", { site_id: siteId, limit: 20 }, ({ site_id: _, ...filter }) => listMyGrants(siteId, filter), poll || POLL);
  if (company === null && grants.items.length === 0) return null;
  return (
    <section className="card" aria-labelledby="my-grants-title">
      <div className="card-top">
        <div className="grow">
          <Title order={2} fz="h4" id="my-grants-title">{t("my_grants.title", { company: company ?? "" })}</Title>
          <Text size="sm" c="dimmed">{t("my_grants.hint")}</Text>
        </div>
      </div>
      <ErrorNote error={grants.error} onRetry={() => void grants.refetch()} />
      {grants.isPending ? <LoadingRows rows={1} /> : null}
      {grants.isSuccess && grants.items.length === 0 ? <Text size="sm">{t("my_grants.none")}</Text> : null}
      {!authorized && grants.items.some((grant) => grant.permission !== "site") ? (
        <Text size="sm" role="note">{t("my_grants.resting", { company: company ?? "" })}</Text>
      ) : null}
      {grants.items.length > 0 ? (
        <ul className="line-list" aria-labelledby="my-grants-title">
          {siteFirst(grants.items).map((grant) => (
            <GrantLine
              key={grant.id} grant={grant} action={t("my_grants.revoke")}
              onEnd={(one) => {
                setChosen(one);
                revoking.open();
              }}
            />
          ))}
        </ul>
      ) : null}
      <MoreButton list={grants} />
      <ConfirmDialog
        key={revoking.key} opened={revoking.opened} onClose={revoking.close} title={t("my_grants.revoke_title")}
        what={chosen ? grantName(t, chosen) : undefined}
        text={t(chosen?.permission === "site" ? "my_grants.revoke_site" : "my_grants.revoke_text", { company: company ?? "" })}
        action={t("my_grants.revoke")} run={() => revokeGrant(chosen?.id ?? "")}
        onDone={() => {
          revoking.close();
          for (const key of CHANGED) void client.invalidateQueries({ queryKey: [key] });
        }}
      />
    </section>
  );
}
