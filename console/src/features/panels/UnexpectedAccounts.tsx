// Accounts on a panel that nobody here gave: told loudly, taken off on order only.
import { Alert, Button, Text } from "@mantine/core";
import { IconUserExclamation } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deletePanelAccount } from "../../api/calls";
import type { PanelAccount } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";

export function UnexpectedAccounts({ deviceId, accounts }: { deviceId: string; accounts: PanelAccount[] }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [asked, setAsked] = useState<PanelAccount | null>(null);
  const name = asked?.user_name ?? "";
  return (
    <>
      {accounts.length > 0 ? (
        <Alert
          className="note note-bad" role="group" icon={<IconUserExclamation aria-hidden="true" />}
          title={t("account.unexpected_title", { count: accounts.length })}
        >
          <Text>{t("account.unexpected_text", { count: accounts.length })}</Text>
          <ul className="plain-list unexpected">
            {accounts.map((account) => (
              <li key={account.id}>
                <span className="grow">
                  <b className="mono">{account.user_name}</b>
                  <Text component="span" size="sm" display="block">
                    {[t(`account_role.${account.role}`, { defaultValue: account.role }), t("account.found", { at: formatInstant(account.since, i18n.language) })]
                      .filter(Boolean).join(" · ")}
                  </Text>
                </span>
                <Button variant="default" size="sm" aria-label={t("panel.button", { action: t("account.remove"), name: account.user_name })} onClick={() => setAsked(account)}>
                  {t("account.remove")}
                </Button>
              </li>
            ))}
          </ul>
        </Alert>
      ) : null}
      <ConfirmDialog
        key={asked?.id} opened={asked !== null} onClose={() => setAsked(null)} title={t("account.remove_title", { name })}
        text={t("account.remove_text", { name })} action={t("account.remove")}
        run={() => deletePanelAccount(deviceId, asked?.id ?? "")}
        onDone={() => {
          setAsked(null);
          void client.invalidateQueries({ queryKey: ["panel_accounts", deviceId] });
        }}
      />
    </>
  );
}
