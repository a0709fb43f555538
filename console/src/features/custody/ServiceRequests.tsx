// Sites that the company asked to serve and whose owners have not answered yet; on the page of all sites.
import { Button, Group, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listServiceRequests, withdrawGrantRequest } from "../../api/calls";
import type { GrantRequest } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";

export function ServiceRequests({ poll }: { poll: number | false }) {
  const { t } = useTranslation();
  const requests = useQuery({ queryKey: ["service_requests"], queryFn: listServiceRequests, refetchInterval: poll });
  const waiting = requests.data?.items.filter(({ state }) => state === "waiting") ?? [];
  if (requests.isError) return <ErrorNote error={requests.error} onRetry={() => void requests.refetch()} />;
  if (waiting.length === 0) return null;
  return (
    <section className="card" aria-labelledby="serve-title">
      <Title order={2} fz="h4" id="serve-title">{t("serve.waiting")}</Title>
      <ul className="line-list" aria-labelledby="serve-title">
        {waiting.map((request) => <Line key={request.id} request={request} />)}
      </ul>
    </section>
  );
}

function Line({ request }: { request: GrantRequest }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const withdrawing = useDialog();
  return (
    <li className="line">
      <div className="grow">
        <Text fw={600} className="wrap">{request.site_name}</Text>
        <Text size="sm" c="dimmed" className="wrap">
          {t("serve.asked", { name: request.asked_by_name, at: formatInstant(request.created_at, i18n.language) })}
        </Text>
      </div>
      <Group gap="xs" className="line-end">
        <Button variant="default" size="sm" aria-label={`${t("serve.withdraw")}: ${request.site_name}`} onClick={withdrawing.open}>
          {t("serve.withdraw")}
        </Button>
      </Group>
      <ConfirmDialog
        key={withdrawing.key} opened={withdrawing.opened} onClose={withdrawing.close} title={t("serve.withdraw_title", { site: request.site_name })}
        text={t("serve.withdraw_text")} action={t("serve.withdraw")} run={() => withdrawGrantRequest(request.id)}
        onDone={() => {
          withdrawing.close();
          void client.invalidateQueries({ queryKey: ["service_requests"] });
        }}
      />
    </li>
  );
}
