// Asks the owner of a site to let the company serve it, by the number that the owner sees on the page of their site.
import { Button, Checkbox, Group, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { askToServe } from "../../api/calls";
import { ApiError } from "../../api/client";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { isSiteNumber } from "./siteNumber";

export function ServeDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [form, setForm] = useState({ number: "", site: true, remark: "" });
  const [tried, setTried] = useState(false);
  const asking = useMutation({
    mutationFn: () => askToServe({ site_id: form.number.trim(), site: form.site, remark: form.remark.trim() }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["service_requests"] });
      onClose();
    },
  });
  const change = (part: Partial<typeof form>) => {
    asking.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isSiteNumber(form.number)) asking.mutate();
  };
  const isUnknown = asking.error instanceof ApiError && asking.error.status === 404;
  const wrong = tried && !isSiteNumber(form.number) ? t("serve.number_bad") : isUnknown ? t("serve.number_unknown") : null;
  return (
    <Dialog opened={opened} onClose={onClose} title={t("serve.ask_title")} size={560}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack>
          <Text c="dimmed" size="sm">{t("serve.ask_text")}</Text>
          <TextInput
            label={t("serve.number")} required data-autofocus autoComplete="off" spellCheck={false} maxLength={60} classNames={{ input: "mono" }} value={form.number}
            error={wrong} onChange={(event) => change({ number: event.currentTarget.value })}
          />
          <Checkbox
            label={t("handover.asks_site")} description={t("handover.asks_site_hint")} checked={form.site}
            onChange={(event) => change({ site: event.currentTarget.checked })}
          />
          <Textarea label={t("handover.remark")} maxLength={500} autosize minRows={2} value={form.remark} onChange={(event) => change({ remark: event.currentTarget.value })} />
          {isUnknown ? null : <ErrorNote error={asking.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={asking.isPending}>{t("serve.ask_do")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
