// The company wants a second factor and whoever is signed in has none: there is nothing else until it is set up.
import { Alert, Button, Paper, Stack, Text, Title } from "@mantine/core";
import { IconShieldLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Outside } from "../../shell/Outside";
import { ErrorNote } from "../../ui/ErrorNote";
import { TwoFactorSetUp } from "../profile/TwoFactorSetUp";
import { useSession } from "./session";
import { useSignOut } from "./useSignOut";

export function EnrolPage({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const { company, staff } = useSession();
  const leave = useSignOut();
  return (
    <Outside title={t("two_factor.title")}>
      <Paper className="card outside-card" maw={560}>
        <Stack>
          <div>
            <Title order={1} fz="h2">{t("two_factor.title")}</Title>
            <Text c="dimmed" mt={4} className="wrap">{staff.name} · {staff.email}</Text>
          </div>
          <Alert role="note" className="note" icon={<IconShieldLock aria-hidden="true" />}>
            {t("two_factor.company_wants", { company: company.name })}
          </Alert>
          <TwoFactorSetUp onDone={onDone} />
          <ErrorNote error={leave.error} />
          <Button variant="subtle" className="text-button" loading={leave.isPending} onClick={() => leave.mutate()}>{t("nav.sign_out")}</Button>
        </Stack>
      </Paper>
    </Outside>
  );
}
