// Asks before something is lost.
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorNote } from "./ErrorNote";

interface Properties {
  opened: boolean; title: string; text: string; action: string;
  run: () => Promise<unknown>; onDone: () => void; onClose: () => void;
  /** What it is about, where the title does not say so. */
  what?: string;
  /** Nothing is lost by it: the button does not warn. */
  harmless?: boolean;
}

export function ConfirmDialog({ opened, title, text, action, run, onDone, onClose, what, harmless = false }: Properties) {
  const { t } = useTranslation();
  const doing = useMutation({ mutationFn: run, onSuccess: onDone });
  const close = () => {
    doing.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ "aria-label": t("do.close") }}>
      <Stack>
        {what ? <Text fw={600} className="wrap">{what}</Text> : null}
        <Text className="wrap">{text}</Text>
        <ErrorNote error={doing.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>{t("do.cancel")}</Button>
          <Button className={harmless ? undefined : "danger"} loading={doing.isPending} onClick={() => doing.mutate()}>{action}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
