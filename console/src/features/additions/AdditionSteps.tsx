// The wizard's inside: the device, the way so far, the state in words, and the form of its one next step.
import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconCircle, IconCircleDot } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { deleteAddition } from "../../api/calls";
import type { Addition } from "../../api/types";
import { codeText } from "../../texts/errors";
import { ErrorNote } from "../../ui/ErrorNote";
import { KindIcon } from "../../ui/KindIcon";
import { AddStateBadge } from "./AddStateBadge";
import { isFinal, stagesOf } from "./additionState";
import { useArrival } from "./useArrival";
import { StepForm } from "./StepForm";

interface Properties { addition: Addition; siteId: string; onClose: () => void; onScan: () => void; onByAddress: () => void }

export function AdditionSteps({ addition, siteId, onClose, onScan, onByAddress }: Properties) {
  const { t, i18n } = useTranslation();
  const giving = useMutation({ mutationFn: () => deleteAddition(addition.id), onSuccess: onClose });
  useArrival(addition, siteId);
  const { state, reason } = addition;
  const where = [addition.host, addition.link ? t("addition.via", { link: addition.link.name }) : null].filter(Boolean).join(" · ");
  return (
    <Stack>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <KindIcon kind={addition.kind} />
        <div className="grow">
          <Text fw={650} className="wrap">{addition.name || addition.model || t(`kind.${addition.kind}`)}</Text>
          <Text size="sm" c="dimmed" className="wrap">
            <span className="mono">{addition.serial}</span>{addition.model && addition.name ? ` · ${addition.model}` : ""}
          </Text>
          {where ? <Text size="sm" c="dimmed" className="wrap">{where}</Text> : null}
        </div>
      </Group>
      <Stages state={state} />
      <div role="status" aria-live="polite">
        <AddStateBadge state={state} />
        <Title order={3} fz="h4" mt="xs">{t(`add_title.${state}`)}</Title>
        <Text mt={4}>{t(`add_text.${state}`)}</Text>
        {reason ? <Text mt={4} c="dimmed" className="wrap">{codeText(i18n, reason.code, reason.message)}</Text> : null}
      </div>
      <StepForm key={state} addition={addition} siteId={siteId} onClose={onClose} onScan={onScan} onByAddress={onByAddress} />
      {isFinal(addition) ? null : (
        <div className="give-up">
          <ErrorNote error={giving.error} />
          <Button variant="subtle" className="quiet" size="sm" loading={giving.isPending} onClick={() => giving.mutate()}>
            {t("addition.give_up")}
          </Button>
        </div>
      )}
    </Stack>
  );
}

function Stages({ state }: { state: Addition["state"] }) {
  const { t } = useTranslation();
  return (
    <ol className="stages" aria-label={t("addition.stages")}>
      {stagesOf(state).map(({ stage, state: at }) => {
        const Icon = at === "done" ? IconCheck : at === "now" ? IconCircleDot : IconCircle;
        return (
          <li key={stage} className={`stage stage-${at}`} aria-current={at === "now" ? "step" : undefined}>
            <Icon size={16} aria-hidden="true" />
            <span>{t(`stage.${stage}`)}</span>
          </li>
        );
      })}
    </ol>
  );
}
