// An owner lets a company do what it asked for, or a part of it.
import { Button, Checkbox, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { approveGrantRequest } from "../../api/calls";
import type { GrantRequest, Validity } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { everything, grantedOf, isSomething, within, type Answer } from "../grants/requests";

/** What shows something else afterwards. */
const CHANGED = ["my grant requests", "my grants", "my site", "my sites", "my site access"];

export function AnswerDialog({ request, opened, onClose }: { request: GrantRequest; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { asks, kind } = request;
  const [answer, setAnswer] = useState<Answer>(() => everything(asks));
  const approving = useMutation({
    mutationFn: () => approveGrantRequest(request.id, { granted: grantedOf(answer, asks) }),
    onSuccess: () => {
      for (const key of CHANGED) void client.invalidateQueries({ queryKey: [key] });
      onClose();
    },
  });
  const set = (index: number, validity: Validity | null) =>
    setAnswer({ ...answer, devices: answer.devices.map((before, at) => (at === index ? validity : before)) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    approving.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("my_grants.answer_title", { company: request.company_name })}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text c="dimmed" size="sm">{t(`my_grants.text_${kind}`, { company: request.company_name, site: request.site_name })}</Text>
          {asks.site ? (
            <Checkbox
              label={t("handover.asks_site")} description={t("my_grants.site_hint")} checked={answer.site}
              onChange={(event) => setAnswer({ ...answer, site: event.currentTarget.checked })}
            />
          ) : null}
          {asks.devices.map(({ device_id, device_name, permission, validity }, index) => {
            const name = `${t(`device_permission.${permission}`)}: ${device_name || t("devices.unnamed")}`;
            const chosen = answer.devices[index] ?? null;
            return (
              <Stack gap="xs" key={`${device_id}${permission}`}>
                <Checkbox
                  label={name} description={t(`device_permission.${permission}_hint`)} checked={chosen !== null}
                  onChange={(event) => set(index, event.currentTarget.checked ? validity : null)}
                />
                {chosen ? (
                  <NativeSelect
                    ml={32} aria-label={`${t("handover.how_long")}: ${name}`} value={chosen}
                    data={within(validity).map((value) => ({ value, label: t(`validity.${value}`) }))}
                    onChange={(event) => set(index, event.currentTarget.value as Validity)}
                  />
                ) : null}
              </Stack>
            );
          })}
          {asks.site && !answer.site && answer.devices.some((chosen) => chosen !== null) ? (
            <Text size="sm" role="note">{t("my_grants.resting", { company: request.company_name })}</Text>
          ) : null}
          <ErrorNote error={approving.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={approving.isPending} disabled={!isSomething(answer, asks)}>{t("my_grants.allow")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
