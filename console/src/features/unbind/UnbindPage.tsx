// Frees a device from another account: whoever holds it, knows its admin password and is in its LAN may (R-U1).
import { Button, Stack, Text } from "@mantine/core";
import { IconLockOpen2 } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { getSite } from "../../api/calls";
import type { Unbound } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { UnbindForm } from "./UnbindForm";

export function UnbindPage() {
  const { t } = useTranslation();
  const { siteId = "" } = useParams();
  const [parameters] = useSearchParams();
  const client = useQueryClient();
  const site = useQuery({ queryKey: ["site", siteId], queryFn: () => getSite(siteId) });
  const [freed, setFreed] = useState<Unbound | null>(null);
  const addition = freed?.addition?.id ?? parameters.get("addition");
  const back = `/sites/${siteId}`;
  return (
    <Stack gap="lg" maw={640}>
      <PageHead title={t("unbind.title")} up={{ to: back, text: site.data?.name ?? t("nav.sites") }} />
      {freed ? (
        <div role="status">
          <Empty Icon={IconLockOpen2} title={t("unbind.freed")} hint={t("unbind.freed_hint")}>
            {addition ? <Button component={Link} to={`${back}?addition=${addition}`}>{t("unbind.go_on")}</Button> : null}
            <Button component={Link} to={back} variant={addition ? "default" : "filled"}>{t("unbind.to_site")}</Button>
          </Empty>
        </div>
      ) : (
        <>
          <Text>{t("unbind.intro")}</Text>
          <ul className="plain-text-list">
            {["password", "lan", "online"].map((need) => <li key={need}>{t(`unbind.need_${need}`)}</li>)}
          </ul>
          <div className="card">
            <UnbindForm
              siteId={siteId} serial={parameters.get("serial") ?? ""}
              onFreed={(answer) => {
                for (const name of ["additions", "addition", "found"]) void client.invalidateQueries({ queryKey: [name] });
                setFreed(answer);
              }}
            />
          </div>
          <Text size="sm" c="dimmed">{t("unbind.local_menu")}</Text>
        </>
      )}
    </Stack>
  );
}
