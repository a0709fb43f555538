// The second factor: whether it is on, and what can be done with it.
import { Alert, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconShieldCheck, IconShieldOff } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { formatInstant } from "../../texts/times";
import { Dialog } from "../../ui/Dialog";
import { useDialog } from "../../ui/useDialog";
import { useAccount, type SignInProfile } from "./account";
import { ProofDialog } from "./ProofDialog";
import { TwoFactorSetUp } from "./TwoFactorSetUp";

/** With so few recovery codes left it is time for new ones. */
const FEW = 3;

export function TwoFactorCard({ profile }: { profile: SignInProfile }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const account = useAccount();
  const settingUp = useDialog();
  const renewing = useDialog();
  const ending = useDialog();
  const { enabled, since, recovery_codes_left: left } = profile.two_factor;
  const again = () => void client.invalidateQueries({ queryKey: [account.profileKey] });
  const Icon = enabled ? IconShieldCheck : IconShieldOff;
  return (
    <Paper className="card" component="section" aria-labelledby="two-factor">
      <Stack>
        <Group justify="space-between" gap="xs">
          <Title order={2} fz="h4" id="two-factor">{t("two_factor.title")}</Title>
          <span className={`badge ${enabled ? "tone-healthy" : "tone-unknown"}`}>
            <Icon size={16} stroke={2} aria-hidden="true" />
            {t(enabled ? "two_factor.on" : "two_factor.off")}
          </span>
        </Group>
        <Text size="sm" c="dimmed">{t("two_factor.hint")}</Text>
        {enabled ? (
          <>
            <dl className="rows">
              {since ? <div><dt>{t("two_factor.since")}</dt><dd>{formatInstant(since, i18n.language)}</dd></div> : null}
              <div><dt>{t("two_factor.codes_left")}</dt><dd>{left}</dd></div>
            </dl>
            {left <= FEW ? <Alert role="note" className="note note-warn">{t("two_factor.codes_low")}</Alert> : null}
            <Group gap="sm">
              <Button variant="default" onClick={renewing.open}>{t("two_factor.renew")}</Button>
              {profile.two_factor_required ? null : (
                <Button variant="default" className="danger-text" onClick={ending.open}>{t("two_factor.turn_off")}</Button>
              )}
            </Group>
            {profile.two_factor_required ? <Text size="sm" c="dimmed">{t("two_factor.required_note")}</Text> : null}
          </>
        ) : <div><Button onClick={settingUp.open}>{t("two_factor.set_up")}</Button></div>}
      </Stack>
      <Dialog
        opened={settingUp.opened} title={t("two_factor.set_up")} size={520}
        onClose={() => {
          settingUp.close();
          again();
        }}
      >
        <TwoFactorSetUp
          key={settingUp.key}
          onDone={() => {
            settingUp.close();
            again();
          }}
        />
      </Dialog>
      <ProofDialog key={`renew${renewing.key}`} kind="renew" opened={renewing.opened} onClose={() => (renewing.close(), again())} />
      <ProofDialog key={`end${ending.key}`} kind="end" opened={ending.opened} onClose={() => (ending.close(), again())} />
    </Paper>
  );
}
