// Steps without a secret: nothing found, offline, waiting, and trying once more.
import { Alert, Button, Group, Loader, Stack, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { checkAddition, listLinks } from "../../api/calls";
import type { Addition } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { HelpList } from "./HelpList";
import type { StepProperties } from "./StepForm";
import { useStep } from "./useAddition";

function CheckAgain({ addition, variant = "filled" }: { addition: Addition; variant?: "filled" | "default" }) {
  const { t } = useTranslation();
  const step = useStep(() => checkAddition(addition.id));
  return (
    <>
      <ErrorNote error={step.error} />
      <Button
        size="lg" variant={variant} loading={step.isPending} leftSection={<IconRefresh size={20} aria-hidden="true" />}
        onClick={() => step.mutate(undefined)}
      >
        {t("addition.check_again")}
      </Button>
    </>
  );
}

export function AgainStep({ addition }: StepProperties) {
  return <Stack><CheckAgain addition={addition} /></Stack>;
}

export function OfflineStep({ addition }: StepProperties) {
  const { t } = useTranslation();
  return (
    <Stack>
      {addition.help ? <HelpList help={addition.help} /> : null}
      <CheckAgain addition={addition} />
      <Text size="sm" c="dimmed">{t("addition.goes_on")}</Text>
    </Stack>
  );
}

export function UnknownStep({ addition, siteId, onByAddress }: StepProperties) {
  const { t } = useTranslation();
  const links = useQuery({ queryKey: ["links", siteId], queryFn: () => listLinks(siteId) });
  const standing = links.data?.items.filter(({ state }) => state !== "revoked") ?? [];
  const none = links.isSuccess && standing.length === 0;
  return (
    <Stack>
      {none ? (
        <Alert role="note" className="note note-warn" title={t("addition.no_link_title")}>
          {t("addition.no_link_text")}
          <Group mt="sm"><Button component={Link} to={`/sites/${siteId}/links`}>{t("links.set_up")}</Button></Group>
        </Alert>
      ) : (
        <ul className="plain-text-list">
          {["label", "same_lan", "moments"].map((hint) => <li key={hint}>{t(`addition.unknown_${hint}`)}</li>)}
        </ul>
      )}
      <CheckAgain addition={addition} variant={none ? "default" : "filled"} />
      <Button variant="default" onClick={onByAddress}>{t("devices.add_by_address")}</Button>
    </Stack>
  );
}

export function WaitStep({ addition }: StepProperties) {
  const { t } = useTranslation();
  return (
    <Group gap="sm" wrap="nowrap" role="status">
      <Loader size={26} aria-hidden="true" />
      <Text>{t(addition.state === "waiting_for_registration" ? "addition.waiting_registration" : "addition.waiting")}</Text>
    </Group>
  );
}
