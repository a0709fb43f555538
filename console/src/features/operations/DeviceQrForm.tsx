// Chooses how the devices are written, and the password that seals them.
import { Alert, Button, Checkbox, Group, NumberInput, Radio, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { DeviceQrRequest, DeviceSummary } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { NewSecret } from "../../ui/NewSecret";
import { DeviceTicks } from "./DeviceTicks";
import { LEAST, MOST, qrRequest, randomSealPassword, START, strengthOf, type QrKind } from "./qrChoices";

const KINDS: QrKind[] = ["sealed", "vendor", "plain"];

interface Properties {
  devices: DeviceSummary[]; busy: boolean; error: unknown; onRequest: (request: DeviceQrRequest) => void; onCancel: () => void;
}

export function DeviceQrForm({ devices, busy, error, onRequest, onCancel }: Properties) {
  const { t } = useTranslation();
  const [choices, setChoices] = useState(START);
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState(false);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set(devices.map(({ id }) => id)));
  const strength = strengthOf(choices.password);
  const request = qrRequest(devices.map(({ id }) => id).filter((id) => ids.has(id)), choices);
  // The other kinds name an address, and behind a link there is none that other programs could use.
  const behind = devices.some(({ id, access }) => access === "link" && ids.has(id));
  const weak = choices.kind !== "sealed";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (request) onRequest(request);
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        {devices.length > 1 ? <DeviceTicks devices={devices} ids={ids} onChange={setIds} /> : null}
        <Radio.Group
          label={t("device_qr.kind")} value={choices.kind}
          onChange={(kind) => setChoices({ ...choices, kind: kind as QrKind, confirmed: false })}
        >
          <Stack gap="xs" mt="xs">
            {KINDS.map((kind) => (
              <Radio
                key={kind} size="md" value={kind} label={t(`device_qr.kind_${kind}`)} disabled={behind && kind !== "sealed"}
                description={t(behind && kind !== "sealed" ? "device_qr.kind_behind" : `device_qr.kind_${kind}_hint`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {weak ? (
          <Alert role="note" className="note note-bad" title={t("device_qr.weak_title")} icon={<IconAlertTriangle aria-hidden="true" />}>
            {t(`device_qr.weak_${choices.kind}`)}
            <Checkbox
              size="md" mt="sm" label={t("device_qr.confirm")} checked={choices.confirmed}
              error={tried && !choices.confirmed ? t("device_qr.confirm_needed") : undefined}
              onChange={(event) => setChoices({ ...choices, confirmed: event.currentTarget.checked })}
            />
          </Alert>
        ) : (
          <>
            <NewSecret
              label={t("device_qr.password")} description={t("device_qr.password_hint")} value={choices.password} maxLength={MOST}
              rules={[{ text: t("device_qr.rule_length", { least: LEAST, most: MOST }), met: strength > 0 }]} error={tried && strength === 0}
              shown={shown} onShown={setShown} onChange={(password) => setChoices({ ...choices, password })}
              onRandom={() => setChoices({ ...choices, password: randomSealPassword() })}
            />
            <div className="strength" role="status">
              <span className="strength-bars" aria-hidden="true">
                {[1, 2, 3, 4].map((step) => <span key={step} className={step <= strength ? `strength-on strength-${strength}` : undefined} />)}
              </span>
              <Text size="sm" c="dimmed">{t(`device_qr.strength_${strength}`)}</Text>
            </div>
            <NumberInput
              label={t("device_qr.days")} description={t("device_qr.days_hint")} min={1} max={365} hideControls allowDecimal={false}
              allowNegative={false} value={choices.days} error={tried && !request && strength > 0 ? t("device_qr.days_wrong") : undefined}
              onChange={(days) => setChoices({ ...choices, days: days === "" ? "" : Number(days) })}
            />
          </>
        )}
        <SegmentedControl
          aria-label={t("device_qr.format")} size="md" value={choices.format} data={[{ value: "png", label: "PNG" }, { value: "svg", label: "SVG" }]}
          onChange={(format) => setChoices({ ...choices, format: format === "svg" ? "svg" : "png" })}
        />
        <ErrorNote error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>{t("do.cancel")}</Button>
          <Button type="submit" loading={busy} disabled={ids.size === 0} className={weak ? "danger" : undefined}>{t("device_qr.make")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
