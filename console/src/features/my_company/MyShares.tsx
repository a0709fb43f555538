// What others share with an end user: channels of sites that they do not own.
import { Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { leaveMyShare, listMyShares, renameMyShare } from "../../api/calls";
import type { ReceivedShare } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { HealthBadge } from "../../ui/HealthBadge";
import { useDialog } from "../../ui/useDialog";

export function MyShares({ poll }: { poll: number | false }) {
  const { t } = useTranslation();
  const shares = useQuery({ queryKey: ["my shares"], queryFn: listMyShares, refetchInterval: poll });
  if (shares.isError) return <ErrorNote error={shares.error} onRetry={() => void shares.refetch()} />;
  if (!shares.data || shares.data.items.length === 0) return null;
  return (
    <section aria-labelledby="my-shares-title">
      <Title order={2} fz="h3" mb="sm" id="my-shares-title">{t("my_shares.title")}</Title>
      <Stack gap="md">
        {shares.data.items.map((share) => <ShareCard key={share.id} share={share} />)}
      </Stack>
    </section>
  );
}

function ShareCard({ share }: { share: ReceivedShare }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const renaming = useDialog();
  const leaving = useDialog();
  const again = () => void client.invalidateQueries({ queryKey: ["my shares"] });
  const title = share.name ?? share.site_name;
  return (
    <article className="card" aria-label={title}>
      <div className="card-top">
        <div className="grow">
          <Text fw={600} className="wrap">{title}</Text>
          <Text size="sm" c="dimmed" className="wrap">
            {[share.name ? share.site_name : "", t("my_shares.from", { name: share.giver_name }), t("custody.since", { at: formatInstant(share.created_at, i18n.language) })]
              .filter(Boolean).join(" · ")}
          </Text>
        </div>
        <Group gap="xs">
          <Button variant="default" size="sm" aria-label={`${t("my_shares.rename")}: ${title}`} onClick={renaming.open}>{t("my_shares.rename")}</Button>
          <Button variant="default" size="sm" aria-label={`${t("my_shares.leave")}: ${title}`} onClick={leaving.open}>{t("my_shares.leave")}</Button>
        </Group>
      </div>
      <ul className="line-list" aria-label={t("my_shares.channels")}>
        {share.channels.map((channel) => (
          <li className="line" key={`${channel.device_id} ${channel.channel}`}>
            <div className="grow">
              <Text className="wrap">
                {channel.device_name}{channel.channel > 0 ? ` · ${t("my_shares.channel", { number: channel.channel })}` : ""}
              </Text>
              <Text size="sm" c="dimmed" className="wrap">{channel.permissions.map((permission) => t(`share_permission.${permission}`)).join(", ")}</Text>
            </div>
            <HealthBadge health={channel.health} />
          </li>
        ))}
      </ul>
      {renaming.key > 0 ? <RenameDialog key={`rename${renaming.key}`} share={share} opened={renaming.opened} onClose={renaming.close} onDone={again} /> : null}
      <ConfirmDialog
        key={leaving.key} opened={leaving.opened} onClose={leaving.close} title={t("my_shares.leave_title", { name: title })}
        text={t("my_shares.leave_text", { giver: share.giver_name })} action={t("my_shares.leave")} run={() => leaveMyShare(share.id)}
        onDone={() => {
          leaving.close();
          again();
        }}
      />
    </article>
  );
}

function RenameDialog({ share, opened, onClose, onDone }: { share: ReceivedShare; opened: boolean; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(share.name ?? "");
  const saving = useMutation({
    mutationFn: () => renameMyShare(share.id, name.trim()),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("my_shares.rename_title")} size={460}>
      <form onSubmit={submit} noValidate autoComplete="off">
        <Stack>
          <TextInput
            label={t("my_shares.name")} description={t("my_shares.name_hint", { site: share.site_name })} maxLength={128} data-autofocus autoComplete="off"
            value={name} onChange={(event) => setName(event.currentTarget.value)}
          />
          <ErrorNote error={saving.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={saving.isPending}>{t("do.save")}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
