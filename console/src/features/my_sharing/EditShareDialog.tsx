// An owner changes what somebody may do with what is shared, or takes channels out of it. More of it is shared as the first was.
import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { updateGivenShare } from "../../api/calls";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { ChannelPicker } from "./ChannelPicker";
import type { Part } from "./lists";
import { pickOf, sharedOf } from "./sharing";

export function EditShareDialog({ part, opened, onClose }: { part: Part; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { share } = part;
  const [{ devices, choice: before }] = useState(() => pickOf(part.channels));
  const [choice, setChoice] = useState(before);
  const channels = sharedOf(choice, devices);
  const saving = useMutation({
    mutationFn: () => updateGivenShare(share.id, channels, part.deviceId),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["my given shares"] });
      onClose();
    },
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("sharing.edit_title", { name: share.receiver_name })} size={600}>
      <Stack>
        <Text c="dimmed" size="sm">{t("sharing.edit_hint")}</Text>
        <ChannelPicker devices={devices} choice={choice} onChange={setChoice} />
        {channels.length === 0 ? <Text size="sm" role="note">{t("sharing.edit_nothing")}</Text> : null}
        <ErrorNote error={saving.error} />
        <Group justify="flex-end" className="dialog-foot">
          <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
          <Button loading={saving.isPending} disabled={channels.length === 0} onClick={() => saving.mutate()}>{t("do.save")}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
