// Asks the owner to agree that the company may pause their use of the site.
import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { askForRental } from "../../api/calls";
import type { Site } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";

interface Properties { site: Site; opened: boolean; onClose: () => void; onDone: () => void }

export function RentalDialog({ site, opened, onClose, onDone }: Properties) {
  const { t } = useTranslation();
  const [remark, setRemark] = useState("");
  const asking = useMutation({
    mutationFn: () => askForRental(site.id, remark.trim()),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("custody.ask_title", { site: site.name })} size={520}>
      <Stack>
        <Text c="dimmed" size="sm">{t("custody.ask_text")}</Text>
        <Textarea label={t("handover.remark")} maxLength={500} autosize minRows={2} value={remark} onChange={(event) => setRemark(event.currentTarget.value)} />
        <ErrorNote error={asking.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
          <Button loading={asking.isPending} onClick={() => asking.mutate()}>{t("custody.ask_do")}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
