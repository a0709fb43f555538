// Somebody with whom channels of a site are shared, and the way to take that back.
import { Button, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { removeShare } from "../../api/calls";
import type { Share, Site } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { useDialog } from "../../ui/useDialog";

export function ShareLine({ share, site, may }: { share: Share; site: Site; may: boolean }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const removing = useDialog();
  const devices = [...new Set(share.channels.map(({ device_name }) => device_name))];
  return (
    <li className="line">
      <div className="grow">
        <Text fw={600} className="wrap">{share.receiver_name}</Text>
        <Text size="sm" c="dimmed" className="wrap">
          {share.receiver_email} · {t("custody.since", { at: formatInstant(share.created_at, i18n.language) })}
        </Text>
        <Text size="sm" className="wrap">{t("handover.shared", { count: share.channels.length })}: {devices.join(", ")}</Text>
      </div>
      {may ? (
        <Group gap="xs" className="line-end">
          <Button variant="default" size="sm" aria-label={`${t("custody.remove_share")}: ${share.receiver_name}`} onClick={removing.open}>
            {t("custody.remove_share")}
          </Button>
        </Group>
      ) : null}
      <ConfirmDialog
        key={removing.key} opened={removing.opened} onClose={removing.close}
        title={t("custody.remove_share_title", { name: share.receiver_name })} text={t("custody.remove_share_text", { site: site.name })}
        action={t("custody.remove_share")} run={() => removeShare(site.id, share.id)}
        onDone={() => {
          removing.close();
          void client.invalidateQueries({ queryKey: ["shares"] });
        }}
      />
    </li>
  );
}
