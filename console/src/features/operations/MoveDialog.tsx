// Moves a device to another site of the company; its history goes with it.
import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listSites, moveDevice } from "../../api/calls";
import type { Device } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";

interface Properties { device: Device; opened: boolean; onClose: () => void; onMoved: (site: string) => void }

export function MoveDialog({ device, opened, onClose, onMoved }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [site, setSite] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), 250);
  const sites = useQuery({
    queryKey: ["sites", "to move to", search], queryFn: () => listSites({ search, limit: 50 }), enabled: opened,
    placeholderData: (before) => before,
  });
  const choices = sites.data?.items.filter(({ id }) => id !== device.site_id).map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const moving = useMutation({
    mutationFn: () => moveDevice(device.id, site ?? ""),
    onSuccess: (saved) => {
      client.setQueryData(["device", device.id], saved);
      for (const name of ["devices", "site", "sites"]) void client.invalidateQueries({ queryKey: [name] });
      onClose();
      onMoved(saved.site_name);
    },
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("operation.move")} size={480}>
      <Stack>
        <Text>{t("operation.move_text", { site: device.site_name })}</Text>
        {device.access === "link" ? <Text size="sm" c="dimmed">{t("operation.move_link")}</Text> : null}
        <Select
          label={t("operation.move_to")} required searchable data={choices} value={site} onChange={setSite} onSearchChange={setTyped}
          filter={({ options }) => options} nothingFoundMessage={t("operation.move_none")} allowDeselect={false} openOnFocus={false} data-autofocus
        />
        <ErrorNote error={moving.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
          <Button disabled={!site} loading={moving.isPending} onClick={() => moving.mutate()}>{t("operation.move_do")}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
