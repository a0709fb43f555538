// A picture to read, and for who cannot see or read it: a piece of work that the browser does instead.
import { Button, Group, Progress, Skeleton, Stack, Text, TextInput } from "@mantine/core";
import { IconCpu, IconPhoto, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ErrorNote } from "../../ui/ErrorNote";
import type { HeldCaptcha } from "./useCaptcha";

/** `error`: what is wrong with the answer. */
export function CaptchaField({ captcha, error }: { captcha: HeldCaptcha; error?: string }) {
  const { t } = useTranslation();
  const { current, answer, setAnswer, working, setWorking, work, another } = captcha;
  if (working) {
    return (
      <Stack gap="xs">
        <ErrorNote error={captcha.error} onRetry={another} />
        <Text fw={500}>{t("captcha.work_title")}</Text>
        <Progress value={work.percent} size="lg" animated={work.state === "running"} aria-label={t("captcha.work_title")} />
        <Text size="sm" c="dimmed" role="status">{t(`captcha.work_${work.state}`)}</Text>
        {error ? <Text size="sm" className="danger-text" role="alert">{error}</Text> : null}
        <Group>
          <Button variant="default" size="sm" leftSection={<IconPhoto size={18} aria-hidden="true" />} onClick={() => setWorking(false)}>
            {t("captcha.use_picture")}
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack gap="xs">
      <ErrorNote error={captcha.error} onRetry={another} />
      {current ? <img className="captcha" src={current.picture} alt={t("captcha.alt")} /> : <Skeleton className="captcha" />}
      <TextInput
        label={t("captcha.label")} required autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={16}
        value={answer} error={error} onChange={(event) => setAnswer(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button variant="default" size="sm" leftSection={<IconRefresh size={18} aria-hidden="true" />} onClick={another}>
          {t("captcha.another")}
        </Button>
        <Button variant="default" size="sm" leftSection={<IconCpu size={18} aria-hidden="true" />} onClick={() => setWorking(true)}>
          {t("captcha.use_work")}
        </Button>
      </Group>
    </Stack>
  );
}
