// A picture to read, and for who cannot see or read it: a piece of work that the browser does instead.
import { Button, Group, Progress, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { IconCpu, IconPhoto, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Captcha } from "../../api/types";
import type { Work } from "./useWork";

interface Properties {
  captcha: Captcha | undefined; answer: string; onAnswer: (text: string) => void; error?: string;
  working: boolean; onWorking: (on: boolean) => void; work: Work; onNew: () => void;
}

export function CaptchaField({ captcha, answer, onAnswer, error, working, onWorking, work, onNew }: Properties) {
  const { t } = useTranslation();
  if (working) {
    return (
      <Stack gap="xs">
        <Text fw={500}>{t("captcha.work_title")}</Text>
        <Progress value={work.percent} size="lg" animated={work.state === "running"} aria-label={t("captcha.work_title")} />
        <Text size="sm" c="dimmed" role="status">{t(`captcha.work_${work.state}`)}</Text>
        {error ? <Text size="sm" className="danger-text" role="alert">{error}</Text> : null}
        <Group>
          <Button variant="default" size="sm" leftSection={<IconPhoto size={18} aria-hidden="true" />} onClick={() => onWorking(false)}>
            {t("captcha.use_picture")}
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack gap="xs">
      {captcha ? <img className="captcha" src={captcha.picture} alt={t("captcha.alt")} /> : <Skeleton className="captcha" />}
      <TextInput
        label={t("captcha.label")} required autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={16}
        value={answer} error={error} onChange={(event) => onAnswer(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button variant="default" size="sm" leftSection={<IconRefresh size={18} aria-hidden="true" />} onClick={onNew}>
          {t("captcha.another")}
        </Button>
        <Button variant="default" size="sm" leftSection={<IconCpu size={18} aria-hidden="true" />} onClick={() => onWorking(true)}>
          {t("captcha.use_work")}
        </Button>
      </Group>
    </Stack>
  );
}
