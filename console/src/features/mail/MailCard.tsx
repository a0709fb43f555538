// The way from the company's page to its mail.
import { Button, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

export function MailCard() {
  const { t } = useTranslation();
  return (
    <Paper className="card" maw={640} component="section" aria-labelledby="mail-card">
      <Stack>
        <div>
          <Title order={2} fz="h4" id="mail-card">{t("mail.title")}</Title>
          <Text size="sm" c="dimmed">{t("mail.card_text")}</Text>
        </div>
        <div><Button component={Link} to="/mail" variant="default">{t("mail.card_open")}</Button></div>
      </Stack>
    </Paper>
  );
}
