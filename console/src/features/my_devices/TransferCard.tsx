// Giving a device to somebody: what waits (the code of the mail, or the other's answer), and the way to begin.
import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconGift } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { fieldError } from "../../texts/errors";
import { formatInstant } from "../../texts/times";
import { codeOf, isSentCode, SentCodeField } from "../../ui/CodeField";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { confirmDeviceTransfer, listDeviceTransfers, withdrawDeviceTransfer, type DeviceTransfer } from "./shapes";
import { TransferDialog } from "./TransferDialog";

export function TransferCard({ deviceId, name }: { deviceId: string; name: string }) {
  const { t } = useTranslation();
  const beginning = useDialog();
  const list = useQuery({ queryKey: ["my device transfers"], queryFn: listDeviceTransfers });
  const open = list.data?.items.find(({ device_id }) => device_id === deviceId);
  return (
    <section className="card" aria-labelledby="transfer-title">
      <Stack gap="sm">
        <div>
          <Title order={2} fz="h4" id="transfer-title">{t("transfer.title")}</Title>
          {open ? null : <Text size="sm" c="dimmed">{t("transfer.hint")}</Text>}
        </div>
        <ErrorNote error={list.error} onRetry={() => void list.refetch()} />
        {open ? <Waiting transfer={open} /> : (
          <div>
            <Button variant="default" leftSection={<IconGift size={18} aria-hidden="true" />} disabled={!list.isSuccess} onClick={beginning.open}>
              {t("transfer.begin")}
            </Button>
          </div>
        )}
      </Stack>
      {beginning.key > 0 ? <TransferDialog key={beginning.key} deviceId={deviceId} name={name} opened={beginning.opened} onClose={beginning.close} /> : null}
    </section>
  );
}

function Waiting({ transfer }: { transfer: DeviceTransfer }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const again = () => client.invalidateQueries({ queryKey: ["my device transfers"] });
  const withdrawing = useMutation({ mutationFn: () => withdrawDeviceTransfer(transfer.id), onSettled: again });
  const offered = transfer.state === "offered";
  const at = formatInstant(offered ? transfer.created_at : transfer.code_until, i18n.language);
  return (
    <Stack gap="sm">
      <Text role="status" className="wrap">{t(offered ? "transfer.waits_for" : "transfer.needs_code", { login: transfer.login, at })}</Text>
      {offered ? null : <CodeForm transfer={transfer} onDone={again} />}
      <ErrorNote error={withdrawing.error} />
      <Group>
        <Button variant="default" loading={withdrawing.isPending} onClick={() => withdrawing.mutate()}>{t("transfer.withdraw")}</Button>
      </Group>
    </Stack>
  );
}

function CodeForm({ transfer, onDone }: { transfer: DeviceTransfer; onDone: () => void }) {
  const { t, i18n } = useTranslation();
  const [code, setCode] = useState("");
  const [tried, setTried] = useState(false);
  const confirming = useMutation({ mutationFn: () => confirmDeviceTransfer(transfer.id, codeOf(code)), onSettled: onDone });
  const wrong = fieldError(i18n, confirming.error, "code");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (isSentCode(code)) confirming.mutate();
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack gap="sm">
        <SentCodeField
          label={t("transfer.code")} description={t("transfer.code_hint")} value={code}
          error={wrong ?? (tried && !isSentCode(code) ? t("transfer.code_needed") : undefined)}
          onChange={(text) => {
            confirming.reset();
            setCode(text);
          }}
        />
        {wrong ? null : <ErrorNote error={confirming.error} />}
        <div><Button type="submit" loading={confirming.isPending}>{t("transfer.confirm")}</Button></div>
      </Stack>
    </form>
  );
}
