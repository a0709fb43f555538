// What a rule does: a row an action.
import { Button, Fieldset, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceSummary, LinkageReceiver } from "../../api/types";
import { ActionRow } from "./ActionRow";
import { nextKey, type DraftAction, type RuleDraft } from "./ruleDraft";

const MOST = 128;

interface Properties {
  actions: DraftAction[]; source: RuleDraft; devices: DeviceSummary[]; receivers: LinkageReceiver[]; tried: boolean;
  /** What the server refused, and at which action. */
  refused: { index: number; text: string } | null;
  change: (actions: DraftAction[]) => void;
}

export function ActionFields({ actions, source, devices, receivers, tried, refused, change }: Properties) {
  const { t } = useTranslation();
  return (
    <Fieldset legend={t("linkage.then")}>
      <Text size="sm" c="dimmed">{t("linkage.limits")}</Text>
      <Stack mt="sm" gap="md">
        {actions.map(({ key, action }, index) => (
          <ActionRow
            key={key} number={index + 1} action={action} source={source} devices={devices} receivers={receivers} tried={tried}
            refusal={refused?.index === index ? refused.text : null}
            change={(changed) => change(actions.map((one) => (one.key === key ? { key, action: changed } : one)))}
            remove={() => change(actions.filter((one) => one.key !== key))}
          />
        ))}
      </Stack>
      {tried && actions.length === 0 ? <Text size="sm" className="danger-text" role="alert">{t("errors.linkage_no_actions")}</Text> : null}
      {actions.length < MOST ? (
        <Button
          variant="default" mt="sm" leftSection={<IconPlus size={18} aria-hidden="true" />}
          onClick={() => change([...actions, { key: nextKey(actions), action: { kind: "snapshot", channel: 1 } }])}
        >
          {t("linkage.add_action")}
        </Button>
      ) : null}
    </Fieldset>
  );
}
