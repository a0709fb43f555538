// One person's account on a panel.
import { Text } from "@mantine/core";
import {
  IconAlertTriangle, IconCircleCheck, IconCircleX, IconHourglass, IconKey, IconUserMinus, type Icon,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { PanelAccount, PanelAccountState } from "../../api/types";
import { codeText } from "../../texts/errors";
import { formatInstant } from "../../texts/times";
import { State } from "../devices/State";
import { meaningKey, TONES } from "./accountState";

const ICONS: Record<PanelAccountState, Icon> = {
  there: IconCircleCheck, adding: IconHourglass, waiting_for_sign_in: IconKey, refused: IconCircleX, removing: IconUserMinus,
  unexpected: IconAlertTriangle,
};

export function AccountRow({ account }: { account: PanelAccount }) {
  const { t, i18n } = useTranslation();
  const { state, person, because, reason_code } = account;
  return (
    <li className="account-row">
      <div className="account-person">
        <Text fw={600} className="wrap">{person?.name ?? account.user_name}</Text>
        <Text size="sm" c="dimmed" className="wrap mono">{account.user_name}</Text>
      </div>
      <div className="account-why">
        <Text size="sm">{roleText(account.role)}</Text>
        {because ? <Text size="sm" c="dimmed">{t(`because.${because}`)}</Text> : null}
      </div>
      <div className="account-state">
        <State tone={TONES[state]} Icon={ICONS[state]} text={t(`account_state.${state}`)} />
        <Text size="sm">
          {t(meaningKey(account))}{reason_code ? ` ${codeText(i18n, reason_code, reason_code)}` : ""}
        </Text>
        <Text size="sm" c="dimmed">{t("account.since", { at: formatInstant(account.since, i18n.language) })}</Text>
      </div>
    </li>
  );
  function roleText(role: string): string {
    return t(`account_role.${role}`, { defaultValue: role });
  }
}
