// On which alarm panels a member has an account, and the proof of where it was taken off.
import { Button, Center, Group, Paper, Text, Title } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listMemberPanels } from "../../api/calls";
import type { PanelAccountState, PanelOfStaff, RemovedFromPanel, StaffMember } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { useMay } from "../session/session";
import { everyPanel, isWhole, SHOWN } from "./memberPanels";
import { PanelProof } from "./PanelProof";

/** Accounts on panels come and go while somebody looks, in milliseconds. */
const ASK_EVERY = 5_000;
const TONES: Record<PanelAccountState, string> = {
  adding: "faulty", waiting_for_sign_in: "faulty", there: "healthy", refused: "offline", removing: "faulty", unexpected: "login_failed",
};

export function MemberPanels({ member }: { member: StaffMember }) {
  const { t } = useTranslation();
  const [whole, setWhole] = useState(false);
  const list = useQuery({
    queryKey: ["member panels", member.id, whole],
    queryFn: () => (whole ? everyPanel(member.id) : listMemberPanels(member.id, { limit: SHOWN })),
    refetchInterval: whole ? false : ASK_EVERY,
    placeholderData: (before) => before,
  });
  // What is printed is read anew and to its end.
  const proving = useMutation({ mutationFn: () => everyPanel(member.id) });
  useEffect(() => {
    if (proving.data) window.print();
  }, [proving.data]);
  const { items = [], removed = [] } = list.data ?? {};
  return (
    <Paper className="card" component="section" aria-labelledby="member-panels">
      <Group justify="space-between" gap="xs">
        <Title order={2} fz="h4" id="member-panels">{t("member_panels.title")}</Title>
        {items.length + removed.length > 0 ? (
          <Button
            variant="default" size="sm" leftSection={<IconPrinter size={18} aria-hidden="true" />} loading={proving.isPending}
            onClick={() => proving.mutate()}
          >
            {t("member_panels.print")}
          </Button>
        ) : null}
      </Group>
      {list.isPending ? <LoadingRows rows={2} height={44} /> : null}
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      <ErrorNote error={proving.error} />
      {list.data && items.length === 0 ? <Text c="dimmed" mt={4}>{t(removed.length > 0 ? "member_panels.off_all" : "member_panels.none")}</Text> : null}
      {items.length > 0 ? (
        <ul className="line-list" aria-labelledby="member-panels">
          {items.map((account) => <AccountLine key={account.device_id} account={account} />)}
        </ul>
      ) : null}
      {removed.length > 0 ? (
        <>
          <Title order={3} fz="h5" mt="lg" id="member-panels-off">{t("member_panels.removed")}</Title>
          <Text size="sm" c="dimmed">{t("member_panels.removed_hint")}</Text>
          <ul className="line-list" aria-labelledby="member-panels-off">
            {removed.map((one) => <RemovalLine key={`${one.device_id} ${one.removed_at} ${one.user_name}`} removal={one} />)}
          </ul>
        </>
      ) : null}
      {list.data && !isWhole(list.data) ? (
        <Center mt="md"><Button variant="default" loading={list.isFetching && whole} onClick={() => setWhole(true)}>{t("member_panels.all")}</Button></Center>
      ) : null}
      {proving.data ? <PanelProof member={member} panels={proving.data} /> : null}
    </Paper>
  );
}

function AccountLine({ account }: { account: PanelOfStaff }) {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const name = account.device_name || t("devices.unnamed");
  return (
    <li className="line panel-line">
      <div className="grow">
        {may("manage_all_sites")
          ? <Link to={`/devices/${account.device_id}`} className="line-name">{name}</Link>
          : <Text fw={600} className="wrap">{name}</Text>}
        <Text size="sm" c="dimmed" className="wrap">{account.site_name}</Text>
      </div>
      <div className="line-end">
        <span className={`badge badge-plain tone-${TONES[account.state]}`}>{t(`account_state.${account.state}`)}</span>
        <Text size="sm" c="dimmed">{t("devices.since", { at: formatInstant(account.since, i18n.language) })}</Text>
      </div>
    </li>
  );
}

function RemovalLine({ removal }: { removal: RemovedFromPanel }) {
  const { t, i18n } = useTranslation();
  return (
    <li className="line">
      <div className="grow">
        <Text fw={600} className="wrap">{removal.device_name || t("devices.unnamed")}</Text>
        <Text size="sm" c="dimmed" className="wrap">{[removal.site_name, removal.serial].filter(Boolean).join(" · ")}</Text>
      </div>
      <Text size="sm" c="dimmed"><time dateTime={removal.removed_at}>{formatInstant(removal.removed_at, i18n.language)}</time></Text>
    </li>
  );
}
