// Where one is signed in, and the way to end it there.
import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile, IconDeviceTablet, IconTerminal2, type Icon } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { OpenSession } from "../../api/types";
import { formatAge, formatInstant, secondsSince } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useDialog } from "../../ui/useDialog";
import { useNow } from "../../ui/useNow";
import { useAccount } from "./account";
import { describeAgent, type AgentKind } from "./userAgent";

const ICONS: Record<AgentKind, Icon> = {
  computer: IconDeviceDesktop, phone: IconDeviceMobile, tablet: IconDeviceTablet, program: IconTerminal2,
};

export function SessionsCard() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const account = useAccount();
  const others = useDialog();
  const list = useQuery({ queryKey: [account.sessionsKey], queryFn: account.listSessions });
  const again = () => void client.invalidateQueries({ queryKey: [account.sessionsKey] });
  const ending = useMutation({ mutationFn: account.endSession, onSettled: again });
  const items = [...list.data?.items ?? []].sort((one, other) => Number(other.current) - Number(one.current));
  return (
    <Paper className="card" component="section" aria-labelledby="my-sessions">
      <Title order={2} fz="h4" id="my-sessions">{t("sessions.title")}</Title>
      <Text size="sm" c="dimmed">{t("sessions.hint")}</Text>
      {list.isPending ? <LoadingRows rows={2} height={56} /> : null}
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      <ErrorNote error={ending.error} />
      <ul className="line-list" aria-label={t("sessions.title")}>
        {items.map((place) => (
          <PlaceLine key={place.id} place={place} busy={ending.isPending && ending.variables === place.id} onEnd={() => ending.mutate(place.id)} />
        ))}
      </ul>
      {items.length > 1 ? (
        <Stack mt="lg">
          <Group><Button variant="default" onClick={others.open}>{t("sessions.end_others")}</Button></Group>
        </Stack>
      ) : null}
      <ConfirmDialog
        key={others.key} opened={others.opened} onClose={others.close} title={t("sessions.end_others_title")} text={t("sessions.end_others_text")}
        action={t("sessions.end_others")} run={account.endOtherSessions}
        onDone={() => {
          others.close();
          again();
        }}
      />
    </Paper>
  );
}

function PlaceLine({ place, busy, onEnd }: { place: OpenSession; busy: boolean; onEnd: () => void }) {
  const { t, i18n } = useTranslation();
  const now = useNow(30_000);
  const { browser, system, kind } = describeAgent(place.user_agent);
  const Shown = ICONS[kind];
  const name = browser ? (system ? t("sessions.agent", { browser, system }) : browser) : t("sessions.agent_unknown");
  return (
    <li className="line place">
      <span className="kind-icon" aria-hidden="true"><Shown size={22} stroke={1.6} /></span>
      <div className="grow">
        <Text fw={600} className="wrap">{name}</Text>
        <Text size="sm" c="dimmed">
          {place.from_address} · {t("sessions.since", { at: formatInstant(place.created_at, i18n.language) })}
          {place.current ? "" : ` · ${t("sessions.used", { age: formatAge(secondsSince(place.last_used_at, now), t) })}`}
        </Text>
      </div>
      {place.current ? <span className="badge tone-healthy badge-plain">{t("sessions.this")}</span> : (
        <Button variant="default" size="sm" loading={busy} aria-label={`${t("sessions.end")}: ${name}, ${place.from_address}`} onClick={onEnd}>
          {t("sessions.end")}
        </Button>
      )}
    </li>
  );
}
