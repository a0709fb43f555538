// What is kept of an end user: as a file for them, and the end of all of it.
import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { MyProfile } from "../../api/types";
import { useDialog } from "../../ui/useDialog";
import { DeleteAccountDialog } from "./DeleteAccountDialog";

export function MyDataCard({ profile }: { profile: MyProfile }) {
  const { t } = useTranslation();
  const deleting = useDialog();
  return (
    <Paper className="card" component="section" aria-labelledby="my-data">
      <Stack>
        <div>
          <Title order={2} fz="h4" id="my-data">{t("my_account.data")}</Title>
          <Text size="sm" c="dimmed">{t("my_account.data_hint")}</Text>
        </div>
        <Group gap="sm">
          <Button
            component="a" href="/api/v1/my/profile/export" download="siteward-account.json" variant="default"
            leftSection={<IconDownload size={18} aria-hidden="true" />}
          >
            {t("my_account.export")}
          </Button>
          <Button variant="default" className="danger-text" onClick={deleting.open}>{t("my_account.delete")}</Button>
        </Group>
      </Stack>
      <DeleteAccountDialog key={deleting.key} profile={profile} opened={deleting.opened} onClose={deleting.close} />
    </Paper>
  );
}
