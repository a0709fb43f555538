// A code to print or to send: for what, with which password, for how many people, and for how many days.
import { Button, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createShareCode } from "../../api/calls";
import type { ShareCodeMade } from "../../api/types";
import { fieldError } from "../../texts/errors";
import { ErrorNote } from "../../ui/ErrorNote";
import { NewSecret } from "../../ui/NewSecret";
import { randomSealPassword } from "../operations/qrChoices";
import type { Shared } from "./sharing";

interface Properties { channels: Shared[]; onMade: (code: ShareCodeMade) => void; onBack: () => void }

const PASSWORD = { least: 6, most: 64 };
const MOST_DAYS = 365;
const MOST_RECEIVERS = 64;
const within = (value: number | "", most: number): value is number => value !== "" && value >= 1 && value <= most;

export function LongTermForm({ channels, onMade, onBack }: Properties) {
  const { t, i18n } = useTranslation();
  const [form, setForm] = useState<{ label: string; password: string; days: number | ""; most: number | "" }>({ label: "", password: "", days: 30, most: 5 });
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState(false);
  const { label, password, days, most } = form;
  const strong = password.length >= PASSWORD.least;
  const making = useMutation({ mutationFn: createShareCode, onSuccess: onMade });
  const change = (part: Partial<typeof form>) => {
    making.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!label.trim() || !strong || !within(days, MOST_DAYS) || !within(most, MOST_RECEIVERS)) return;
    making.mutate({ kind: "long_term", channels, label: label.trim(), password, days, most_receivers: most });
  };
  const wrong = (bad: boolean, text: string, field: string) => (tried && bad ? text : fieldError(i18n, making.error, field));
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <Text c="dimmed" size="sm">{t("sharing.long_hint")}</Text>
        <TextInput
          label={t("sharing.label")} description={t("sharing.label_hint")} required maxLength={128} data-autofocus autoFocus autoComplete="off" value={label}
          error={wrong(!label.trim(), t("form.required"), "label")} onChange={(event) => change({ label: event.currentTarget.value })}
        />
        <NewSecret
          label={t("sharing.password")} description={t("sharing.password_hint")} value={password} maxLength={PASSWORD.most}
          rules={[{ text: t("device_qr.rule_length", PASSWORD), met: strong }]} error={tried && !strong} shown={shown} onShown={setShown}
          onChange={(next) => change({ password: next })} onRandom={() => change({ password: randomSealPassword() })}
        />
        <div className="filters filters-more">
          <NumberInput
            label={t("sharing.days")} min={1} max={MOST_DAYS} hideControls allowDecimal={false} allowNegative={false} value={days}
            error={wrong(!within(days, MOST_DAYS), t("sharing.number_wrong", { most: MOST_DAYS }), "days")}
            onChange={(value) => change({ days: value === "" ? "" : Number(value) })}
          />
          <NumberInput
            label={t("sharing.most")} min={1} max={MOST_RECEIVERS} hideControls allowDecimal={false} allowNegative={false} value={most}
            error={wrong(!within(most, MOST_RECEIVERS), t("sharing.number_wrong", { most: MOST_RECEIVERS }), "most_receivers")}
            onChange={(value) => change({ most: value === "" ? "" : Number(value) })}
          />
        </div>
        <ErrorNote error={making.error} />
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>{t("do.back")}</Button>
          <Button type="submit" loading={making.isPending}>{t("sharing.make_code")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
