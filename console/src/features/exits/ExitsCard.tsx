// The way from the company's page to the proofs of panels that were deleted.
import { Button, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMay } from "../session/session";

export function ExitsCard() {
  const { t } = useTranslation();
  const may = useMay();
  if (!may("manage_all_sites")) return null;
  return (
    <Paper className="card" maw={640} component="section" aria-labelledby="exits-card">
      <Stack>
        <div>
          <Title order={2} fz="h4" id="exits-card">{t("exit.title")}</Title>
          <Text size="sm" c="dimmed">{t("exit.card_text")}</Text>
        </div>
        <div><Button component={Link} to="/panel-exits" variant="default">{t("exit.card_open")}</Button></div>
      </Stack>
    </Paper>
  );
}
