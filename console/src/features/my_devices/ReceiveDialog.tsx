// Takes a device: onto a site that one has, or onto a new one.
import { Button, Group, Radio, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { listMySites } from "../../api/calls";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { acceptReceivedTransfer, calledOf, type ReceivedTransfer } from "./shapes";

const NEW = "new";

interface Properties { transfer: ReceivedTransfer; opened: boolean; onClose: () => void; onReceived: (deviceId: string) => void }

export function ReceiveDialog({ transfer, opened, onClose, onReceived }: Properties) {
  const { t } = useTranslation();
  const sites = useQuery({ queryKey: ["my sites", "to receive"], queryFn: () => listMySites({ limit: 100 }) });
  const [chosen, setChosen] = useState<string | null>(null);
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const items = (sites.data?.items ?? []).filter((site) => !site.suspended_at);
  const place = chosen ?? items[0]?.id ?? NEW;
  const accepting = useMutation({
    mutationFn: () => acceptReceivedTransfer(transfer.id, place === NEW ? { site_name: name.trim() } : { site_id: place }),
    onSuccess: ({ device_id }) => onReceived(device_id),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (place !== NEW || name.trim()) accepting.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("transfer.where", { name: calledOf(transfer) })}>
      {sites.isPending ? <LoadingRows /> : (
        <form onSubmit={submit} noValidate>
          <Stack>
            <ErrorNote error={sites.error} onRetry={() => void sites.refetch()} />
            <Radio.Group label={t("transfer.where_hint")} value={place} onChange={setChosen}>
              <Stack gap="xs" mt="xs">
                {items.map((site) => <Radio key={site.id} value={site.id} label={site.name} description={site.address || undefined} />)}
                <Radio value={NEW} label={t("transfer.new_site")} description={t("transfer.new_site_hint")} />
              </Stack>
            </Radio.Group>
            {place === NEW ? (
              <TextInput
                label={t("transfer.site_name")} required maxLength={128} value={name} error={tried && !name.trim() ? t("form.required") : undefined}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            ) : null}
            <ErrorNote error={accepting.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
              <Button type="submit" loading={accepting.isPending}>{t("transfer.accept")}</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
