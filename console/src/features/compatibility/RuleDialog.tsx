// Writes one rule into the draft.
import { Button, Checkbox, Group, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { CompatibilityRule, DeviceKind } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { KINDS } from "../../ui/KindIcon";
import { FUNCTIONS, isVersion, modelsOf } from "./rules";

interface Properties { rule?: CompatibilityRule; opened: boolean; onClose: () => void; onTake: (rule: CompatibilityRule) => void }

export function RuleDialog({ rule, opened, onClose, onTake }: Properties) {
  const { t } = useTranslation();
  const [family, setFamily] = useState<DeviceKind>(rule?.family ?? "nvr");
  const [models, setModels] = useState((rule?.models ?? []).join("\n"));
  const [minimum, setMinimum] = useState(rule?.minimum ?? "");
  const [lost, setLost] = useState<string[]>(rule?.lost ?? ["health_monitoring", "linkage_rules", "remote_configuration"]);
  const [tried, setTried] = useState(false);
  const read = modelsOf(models);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isVersion(minimum) || lost.length === 0 || read.bad) return;
    onTake({ family, models: read.models, minimum: minimum.trim(), lost: FUNCTIONS.filter((what) => lost.includes(what)) });
    onClose();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t(rule ? "compatibility.edit_title" : "compatibility.add")}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <NativeSelect
            label={t("compatibility.family")} value={family} data-autofocus
            data={KINDS.filter((kind) => kind !== "router").map((value) => ({ value, label: t(`kind.${value}`) }))}
            onChange={(event) => setFamily(event.currentTarget.value as DeviceKind)}
          />
          <Textarea
            label={t("compatibility.models")} description={t("compatibility.models_hint")} autosize minRows={2} value={models}
            error={tried && read.bad ? t("compatibility.models_bad", { model: read.bad }) : undefined}
            onChange={(event) => setModels(event.currentTarget.value)}
          />
          <TextInput
            label={t("compatibility.minimum")} description={t("compatibility.minimum_hint")} required maxLength={64} value={minimum}
            error={tried && !isVersion(minimum) ? t("compatibility.minimum_bad") : undefined}
            onChange={(event) => setMinimum(event.currentTarget.value)}
          />
          <Checkbox.Group
            label={t("compatibility.lost")} value={lost} onChange={setLost}
            error={tried && lost.length === 0 ? t("compatibility.lost_bad") : undefined}
          >
            <Stack gap="xs" mt="xs">
              {FUNCTIONS.map((what) => <Checkbox key={what} value={what} label={t(`platform_function.${what}`)} />)}
            </Stack>
          </Checkbox.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit">{t("compatibility.take")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
