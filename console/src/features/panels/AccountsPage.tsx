// Who can enter an alarm panel: every account on it, whose, why, since when, and what its state means. Live.
import { Button, Stack, Text } from "@mantine/core";
import { IconScale, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { getDevice } from "../../api/calls";
import { isGone } from "../../api/client";
import { useLive } from "../../api/live";
import type { Device, PanelAccountList } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { deviceName } from "../devices/address";
import { AccountRow } from "./AccountRow";
import { sorted } from "./accountState";
import { ComparisonNote } from "./ComparisonNote";
import { UnexpectedAccounts } from "./UnexpectedAccounts";
import { useAccounts, useComparison } from "./useAccounts";

export function AccountsPage() {
  const { t } = useTranslation();
  const { deviceId = "" } = useParams();
  const poll = useLive();
  const device = useQuery({ queryKey: ["device", deviceId], queryFn: () => getDevice(deviceId) });
  const accounts = useAccounts(deviceId, poll);
  const error = device.error ?? accounts.error;
  // An answer that failed to come once is no reason to hide what is known; being out of reach is.
  if (error && (isGone(error) || !device.data || !accounts.data)) {
    return (
      <Stack gap="lg">
        <PageHead title={t("account.title")} up={{ to: "/sites", text: t("nav.sites") }} />
        <ErrorNote error={error} onRetry={() => void Promise.all([device.refetch(), accounts.refetch()])} />
      </Stack>
    );
  }
  if (!device.data || !accounts.data) return <LoadingRows />;
  return <AccountsView key={deviceId} device={device.data} accounts={accounts.data} />;
}

function AccountsView({ device, accounts }: { device: Device; accounts: PanelAccountList }) {
  const { t } = useTranslation();
  const { state, items } = accounts;
  const comparison = useComparison(device.id, state);
  const { unexpected, people } = sorted(items);
  return (
    <Stack gap="lg">
      <PageHead
        title={t("account.title")} up={{ to: `/devices/${device.id}`, text: deviceName(device) }} hint={t("account.hint")}
        actions={
          <Button
            variant="default" leftSection={<IconScale size={18} aria-hidden="true" />} loading={comparison.waiting} onClick={comparison.ask}
          >
            {t("account.compare")}
          </Button>
        }
      />
      <ErrorNote error={comparison.error} />
      <ComparisonNote device={device} state={state} waiting={comparison.waiting} />
      <UnexpectedAccounts deviceId={device.id} accounts={unexpected} />
      {people.length === 0 ? <Empty Icon={IconUsers} title={t("account.none")} hint={t("account.none_hint")} /> : (
        <section aria-labelledby="people-title">
          <h2 className="card-title" id="people-title">{t("account.people_title")}</h2>
          <ul className="card line-list accounts">
            {people.map((account) => <AccountRow key={account.id} account={account} />)}
          </ul>
        </section>
      )}
      <Text size="sm" c="dimmed">{t("account.foot")}</Text>
    </Stack>
  );
}
