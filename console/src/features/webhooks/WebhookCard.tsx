// The way from the company's page to its webhooks.
import { Button, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

export function WebhookCard() {
  const { t } = useTranslation();
  return (
    <Paper className="card" maw={640} component="section" aria-labelledby="webhook-card">
      <Stack>
        <div>
          <Title order={2} fz="h4" id="webhook-card">{t("webhooks.title")}</Title>
          <Text size="sm" c="dimmed">{t("webhooks.card_text")}</Text>
        </div>
        <div><Button component={Link} to="/webhooks" variant="default">{t("webhooks.card_open")}</Button></div>
      </Stack>
    </Paper>
  );
}
