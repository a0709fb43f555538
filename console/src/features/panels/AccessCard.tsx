// Who can enter a panel, in one line on its device's page; loud when somebody is there who should not be.
import { Button, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconHourglass, IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { State } from "../devices/State";
import { allWell, needing, sorted } from "./accountState";
import { useAccounts } from "./useAccounts";

export function AccessCard({ deviceId, poll }: { deviceId: string; poll: number | false }) {
  const { t } = useTranslation();
  const accounts = useAccounts(deviceId, poll);
  const items = accounts.data?.items ?? [];
  const state = accounts.data?.state;
  const alarming = needing(items);
  return (
    <section className={`card banner${alarming > 0 ? " banner-warn" : ""}`} aria-labelledby="access-title">
      <span className="kind-icon" aria-hidden="true"><IconUsers size={24} stroke={1.6} /></span>
      <div className="grow">
        <Title order={2} fz="h4" id="access-title">{t("account.title")}</Title>
        <Text size="sm" c="dimmed">
          {state ? t(state.checked_at ? "account.people" : "account.never", { count: sorted(items).people.length }) : t("account.hint_short")}
        </Text>
      </div>
      {!state ? null : alarming > 0 ? <State tone="offline" Icon={IconAlertTriangle} text={t("account.need_you", { count: alarming })} />
        : allWell(state, items) ? <State tone="healthy" Icon={IconCircleCheck} text={t("account.as_wanted")} />
          : <State tone="unknown" Icon={IconHourglass} text={t("account.in_work")} />}
      <Button component={Link} to={`/devices/${deviceId}/accounts`} variant="default" size="sm">{t("account.open")}</Button>
    </section>
  );
}
