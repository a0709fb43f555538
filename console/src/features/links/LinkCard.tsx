// One link: how it is, what it is, what it has found, and what can be done with it.
import { ActionIcon, Button, Menu, Text } from "@mantine/core";
import { IconCircleCheck, IconDots, IconHourglass, IconKey, IconPencil, IconPlugConnectedX, IconRadar2, IconRouter, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link as RouterLink } from "react-router";
import { discover, renewLinkCode, revokeLink } from "../../api/calls";
import type { Link, LinkCreated } from "../../api/types";
import { formatAge, secondsSince } from "../../texts/times";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";
import { useNow } from "../../ui/useNow";
import { RenameLinkDialog } from "./RenameLinkDialog";

const STATES = {
  online: { Icon: IconCircleCheck, tone: "healthy" }, offline: { Icon: IconPlugConnectedX, tone: "offline" },
  waiting: { Icon: IconHourglass, tone: "unknown" }, revoked: { Icon: IconPlugConnectedX, tone: "unknown" },
} as const;

export function LinkBadge({ state }: { state: Link["state"] }) {
  const { t } = useTranslation();
  const { Icon, tone } = STATES[state];
  return <span className={`badge tone-${tone}`}><Icon size={15} stroke={2} aria-hidden="true" />{t(`link_state.${state}`)}</span>;
}

export function LinkCard({ link, may, onCode }: { link: Link; may: boolean; onCode: (created: LinkCreated) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const now = useNow();
  const renaming = useDialog();
  const revoking = useDialog();
  const again = () => void client.invalidateQueries({ queryKey: ["links"] });
  const code = useMutation({ mutationFn: () => renewLinkCode(link.id), onSuccess: (answer) => (again(), onCode(answer)) });
  const looking = useMutation({
    mutationFn: () => discover(link.id),
    onSuccess: () => (again(), void client.invalidateQueries({ queryKey: ["found"] })),
  });
  const seen = link.last_seen_at ? t("links.seen", { age: formatAge(secondsSince(link.last_seen_at, now), t) }) : t("links.never_seen");
  return (
    <li className="card link-card">
      <div className="card-top">
        <div className="link-head">
          <span className="kind-icon" aria-hidden="true"><IconRouter size={24} stroke={1.6} /></span>
          <div className="grow">
            <Text fw={650} className="wrap" component="h2" fz={17}>{link.name}</Text>
            <Text size="sm" c="dimmed" className="wrap">{[link.version, link.system].filter(Boolean).join(" · ") || t("links.not_enrolled")}</Text>
          </div>
        </div>
        <Menu position="bottom-end" shadow="md" width={240}>
          <Menu.Target>
            <ActionIcon variant="default" size={42} aria-label={t("links.actions", { name: link.name })} disabled={!may}>
              <IconDots size={20} aria-hidden="true" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={18} aria-hidden="true" />} onClick={renaming.open}>{t("links.rename")}</Menu.Item>
            <Menu.Item leftSection={<IconKey size={18} aria-hidden="true" />} onClick={() => code.mutate()}>{t("links.new_code")}</Menu.Item>
            <Menu.Item leftSection={<IconTrash size={18} aria-hidden="true" />} onClick={revoking.open} className="danger-text">
              {t("links.revoke")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <div className="card-foot">
        <LinkBadge state={link.state} />
        <Text size="sm" c="dimmed" component="span">{link.state === "waiting" ? t("links.waiting_hint") : seen}</Text>
        {link.devices_found > 0 ? (
          <RouterLink to={`/sites/${link.site_id}/found`} className="link">{t("links.found", { count: link.devices_found })}</RouterLink>
        ) : <Text size="sm" c="dimmed" component="span">{link.state === "online" ? t("links.found_none") : ""}</Text>}
        {link.state === "online" && may ? (
          <Button
            variant="default" size="sm" loading={looking.isPending} leftSection={<IconRadar2 size={18} aria-hidden="true" />}
            onClick={() => looking.mutate()}
          >
            {t("links.look")}
          </Button>
        ) : null}
      </div>
      <ErrorNote error={code.error ?? looking.error} />
      <RenameLinkDialog key={renaming.key} link={link} opened={renaming.opened} onClose={renaming.close} />
      <ConfirmDialog
        opened={revoking.opened} onClose={revoking.close} title={t("links.revoke_title", { name: link.name })}
        text={t("links.revoke_text")} action={t("links.revoke")} run={() => revokeLink(link.id)}
        onDone={() => {
          revoking.close();
          again();
        }}
      />
    </li>
  );
}
