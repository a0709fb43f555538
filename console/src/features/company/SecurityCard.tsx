// How the company's people have to sign in, and who its Admin is.
import { Alert, Anchor, Button, Group, Paper, Stack, Switch, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { getProfile, updateCompany } from "../../api/calls";
import type { Session } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { useSession } from "../session/session";
import { HandOverDialog } from "./HandOverDialog";

export function SecurityCard({ onHandedOver }: { onHandedOver: (name: string) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { company } = useSession();
  const handing = useDialog();
  const [asked, setAsked] = useState<boolean | null>(null);
  // Who demands a second factor has one: else they would shut themself out.
  const profile = useQuery({ queryKey: ["profile"], queryFn: getProfile });
  const saving = useMutation({
    mutationFn: (two_factor_required: boolean) => updateCompany({ two_factor_required }),
    onMutate: setAsked,
    onSuccess: (saved) => client.setQueryData<Session | null>(["session"], (before) => before && { ...before, company: saved }),
    onSettled: () => setAsked(null),
  });
  const required = asked ?? company.two_factor_required ?? false;
  const first = profile.data?.two_factor.enabled === false && !required;
  return (
    <Paper className="card" maw={640} component="section" aria-labelledby="security">
      <Stack>
        <Title order={2} fz="h4" id="security">{t("security.title")}</Title>
        <Switch
          size="md" label={t("security.required")} description={t("security.required_hint")} checked={required} disabled={first || saving.isPending}
          onChange={(event) => saving.mutate(event.currentTarget.checked)}
        />
        {first ? (
          <Alert role="note" className="note">
            {t("security.first")} <Anchor component={Link} to="/profile" underline="always">{t("profile.title")}</Anchor>
          </Alert>
        ) : null}
        <ErrorNote error={saving.error} />
        <Text role="status" size="sm" c="dimmed" className="said">{saving.isSuccess ? t("company.saved") : ""}</Text>
        <div>
          <Title order={3} fz="h5">{t("hand_over.title")}</Title>
          <Text size="sm" c="dimmed">{t("hand_over.hint")}</Text>
        </div>
        <Group><Button variant="default" onClick={handing.open}>{t("hand_over.open")}</Button></Group>
      </Stack>
      <HandOverDialog key={handing.key} opened={handing.opened} onClose={handing.close} onDone={onHandedOver} />
    </Paper>
  );
}
