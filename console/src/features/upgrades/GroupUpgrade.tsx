// Upgrades all devices of one model that run one firmware.
import { Button, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listGroup } from "../../api/calls";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { useMay } from "../session/session";
import { UpgradeDialog } from "./UpgradeDialog";

const MOST = 1000;

interface Group { kind: string | null; model: string | null; firmware: string | null }

/** The ids of a group's devices, up to as many as one upgrade takes; and whether there are more. */
async function idsOf(group: Group): Promise<{ ids: string[]; more: boolean }> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listGroup>> = await listGroup({ ...group, limit: 100, cursor });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor;
  } while (cursor && ids.length < MOST);
  return { ids: ids.slice(0, MOST), more: cursor !== null || ids.length > MOST };
}

export function GroupUpgrade({ group }: { group: Group }) {
  const { t } = useTranslation();
  const may = useMay();
  const dialog = useDialog();
  const [found, setFound] = useState<{ ids: string[]; more: boolean }>({ ids: [], more: false });
  const gather = useMutation({
    mutationFn: () => idsOf(group),
    onSuccess: (all) => {
      setFound(all);
      dialog.open();
    },
  });
  if (!may("upgrade_firmware") || !group.model) return null;
  return (
    <div>
      <Button loading={gather.isPending} leftSection={<IconUpload size={18} aria-hidden="true" />} onClick={() => gather.mutate()}>{t("upgrades.start_group")}</Button>
      {found.more ? <Text size="sm" mt={6}>{t("upgrades.cut")}</Text> : null}
      <ErrorNote error={gather.error} />
      {found.ids.length > 0 ? <UpgradeDialog key={dialog.key} devices={found.ids} opened={dialog.opened} onClose={dialog.close} /> : null}
    </div>
  );
}
