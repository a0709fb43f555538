// Passwords and names for the ticked devices: one password for all, or one each.
import { Button, Group, SegmentedControl, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { createAdditions } from "../../api/calls";
import type { Addition, FoundDevice } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { NewSecret } from "../../ui/NewSecret";
import { SecretInput } from "../../ui/SecretInput";
import { devicePasswordRules, randomPassword } from "../additions/rules";
import { enter, problems, requestOf, type Batch, type Way } from "./batchState";

interface Properties {
  siteId: string; devices: FoundDevice[]; batch: Batch; setBatch: (batch: Batch) => void; onBack: () => void;
  onStarted: (begun: Addition[]) => void;
}

export function BatchForm({ siteId, devices, batch, setBatch, onBack, onStarted }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [tried, setTried] = useState(false);
  const [shown, setShown] = useState(false);
  const fresh = devices.filter(({ activated }) => activated === false).length;
  const wrong = problems(batch, devices);
  const adding = useMutation({
    mutationFn: () => createAdditions(siteId, requestOf(batch, devices)),
    onSuccess: ({ items }) => {
      void client.invalidateQueries({ queryKey: ["additions"] });
      onStarted(items);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong.size === 0 && batch.user_name && devices.length > 0) adding.mutate();
  };
  const told = (serial: string) => {
    const problem = tried ? wrong.get(serial) : undefined;
    return problem ? t(problem === "missing" ? "form.required" : "found.weak") : undefined;
  };
  const oneLabel = fresh > 0 && fresh < devices.length ? "found.password_mixed" : fresh > 0 ? "addition.new_password" : "devices.password";
  return (
    <form className="card" onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <Title order={2} fz="h4">{t("found.form_title", { count: devices.length })}</Title>
        <Text c="dimmed" size="sm">
          {t(fresh === 0 ? "found.all_active" : "found.some_fresh", { count: fresh })}
        </Text>
        <SegmentedControl
          fullWidth size="md" aria-label={t("found.passwords")} value={batch.way}
          onChange={(way) => setBatch({ ...batch, way: way as Way })}
          data={(["all", "each"] as Way[]).map((value) => ({ value, label: t(`found.way_${value}`) }))}
        />
        <TextInput
          label={t("devices.user")} required maxLength={32} spellCheck={false} autoCapitalize="none" autoComplete="off"
          value={batch.user_name} error={tried && !batch.user_name ? t("form.required") : undefined}
          onChange={(event) => setBatch({ ...batch, user_name: event.currentTarget.value })}
        />
        {batch.way === "all" && fresh > 0 ? (
          <NewSecret
            label={t(oneLabel)} value={batch.password} maxLength={16} error={tried && wrong.size > 0} shown={shown} onShown={setShown}
            rules={devicePasswordRules(batch.password).map(({ rule, met }) => ({ text: t(`device_rule.${rule}`), met }))}
            onChange={(password) => setBatch({ ...batch, password })} onRandom={() => setBatch({ ...batch, password: randomPassword() })}
          />
        ) : null}
        {batch.way === "all" && fresh === 0 ? (
          <SecretInput
            label={t(oneLabel)} required maxLength={64} value={batch.password} error={tried && wrong.size > 0 ? t("form.required") : undefined}
            onChange={(event) => setBatch({ ...batch, password: event.currentTarget.value })}
          />
        ) : null}
        <ul className="import-rows" aria-label={t("found.names")}>
          {devices.map((device) => {
            const entry = batch.entries[device.serial];
            return (
              <li key={device.serial} className="import-row batch-row">
                <div className="batch-what">
                  <Text fw={600} className="wrap">{device.model || t(`kind.${device.kind}`)}</Text>
                  <Text size="sm" c="dimmed" className="wrap mono">{device.serial} · {device.host}</Text>
                </div>
                <TextInput
                  aria-label={t("found.name_of", { serial: device.serial })} placeholder={t("found.name_placeholder")} maxLength={128}
                  value={entry?.name ?? ""} onChange={(event) => setBatch(enter(batch, device.serial, { name: event.currentTarget.value }))}
                />
                {batch.way === "each" ? (
                  <SecretInput
                    aria-label={t(device.activated === false ? "found.new_password_of" : "found.password_of", { serial: device.serial })}
                    placeholder={t(device.activated === false ? "addition.new_password" : "devices.password")}
                    maxLength={device.activated === false ? 16 : 64} value={entry?.password ?? ""} error={told(device.serial)}
                    onChange={(event) => setBatch(enter(batch, device.serial, { password: event.currentTarget.value }))}
                  />
                ) : null}
              </li>
            );
          })}
        </ul>
        <ErrorNote error={adding.error} />
        <Group className="button-pair">
          <Button variant="default" size="lg" onClick={onBack}>{t("do.back")}</Button>
          <Button type="submit" size="lg" loading={adding.isPending}>{t("scan.add", { count: devices.length })}</Button>
        </Group>
      </Stack>
    </form>
  );
}
