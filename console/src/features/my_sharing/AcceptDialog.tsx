// An owner lets somebody in who scanned a code: all that the code is for, or less of it.
import { Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { acceptShareApplication } from "../../api/calls";
import type { ShareApplication } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { CHANGED } from "./changed";
import { ChannelPicker } from "./ChannelPicker";
import { pickOf, sharedOf } from "./sharing";

export function AcceptDialog({ application, opened, onClose }: { application: ShareApplication; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [{ devices, choice: whole }] = useState(() => pickOf(application.channels));
  const [choice, setChoice] = useState(whole);
  const channels = sharedOf(choice, devices);
  const accepting = useMutation({
    mutationFn: () => acceptShareApplication(application.id, channels),
    onSuccess: () => {
      for (const key of CHANGED) void client.invalidateQueries({ queryKey: [key] });
      onClose();
    },
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("sharing.answer_title", { name: application.applicant_name })} size={600}>
      <Stack>
        <Text c="dimmed" size="sm" className="wrap">{t("sharing.answer_hint", { name: application.applicant_name, email: application.applicant_email })}</Text>
        <ChannelPicker devices={devices} choice={choice} onChange={setChoice} />
        <ErrorNote error={accepting.error} />
        <Group justify="flex-end" className="dialog-foot">
          <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
          <Button loading={accepting.isPending} disabled={channels.length === 0} onClick={() => accepting.mutate()}>{t("sharing.accept")}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
