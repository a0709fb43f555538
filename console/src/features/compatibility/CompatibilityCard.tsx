// The way from the company's page to its rules of compatibility.
import { Button, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

export function CompatibilityCard() {
  const { t } = useTranslation();
  return (
    <Paper className="card" maw={640} component="section" aria-labelledby="compatibility-card">
      <Stack>
        <div>
          <Title order={2} fz="h4" id="compatibility-card">{t("compatibility.title")}</Title>
          <Text size="sm" c="dimmed">{t("compatibility.card_text")}</Text>
        </div>
        <div><Button component={Link} to="/compatibility" variant="default">{t("compatibility.card_open")}</Button></div>
      </Stack>
    </Paper>
  );
}
