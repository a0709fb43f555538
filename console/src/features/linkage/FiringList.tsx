// What the rules of a site did: each time with what set it off, what became of each action, and its pictures.
import { Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { listLinkageFirings } from "../../api/calls";
import type { LinkageFiring } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { formatThere } from "../managers/zonedTime";
import { FiredActionLine } from "./FiredActionLine";
import { FiringPicture } from "./FiringPicture";
import type { Names } from "./ruleText";

interface Properties { siteId: string; zone: string; names: Names; poll: number | false }

export function FiringList({ siteId, zone, names, poll }: Properties) {
  const { t } = useTranslation();
  const list = usePages("linkage_firings", { site_id: siteId }, listLinkageFirings, poll);
  return (
    <>
      <ErrorNote error={list.error} onRetry={() => void list.refetch()} />
      {list.isPending ? <LoadingRows /> : null}
      {list.isSuccess && list.items.length === 0 ? <Text c="dimmed">{t("linkage.no_firings")}</Text> : null}
      {list.items.length > 0 ? (
        <ul className="device-list" aria-label={t("linkage.firings")}>
          {list.items.map((firing) => <FiringCard key={firing.id} firing={firing} zone={zone} names={names} />)}
        </ul>
      ) : null}
      <MoreButton list={list} />
    </>
  );
}

function FiringCard({ firing, zone, names }: { firing: LinkageFiring; zone: string; names: Names }) {
  const { t, i18n } = useTranslation();
  const where = [firing.source_name || t("linkage.gone"), firing.source_channel === null ? null : t("linkage.channel_n", { n: firing.source_channel })];
  const pictures = firing.actions.filter(({ has_picture }) => has_picture);
  return (
    <li className="card">
      <Text size="sm" c="dimmed"><time dateTime={firing.event_at}>{formatThere(firing.event_at, zone, i18n.language)}</time></Text>
      <Title order={3} fz="h4" className="wrap">{firing.rule_name}</Title>
      <Text className="wrap">{`${where.filter(Boolean).join(" · ")}: ${t(`device_event_kind.${firing.source_kind}`)}`}</Text>
      <ul className="linkage-outcomes">
        {firing.actions.map((action) => <FiredActionLine key={action.position} fired={action} names={names} />)}
      </ul>
      {pictures.length > 0 ? (
        <div className="linkage-pictures">
          {pictures.map(({ position, action }) => (
            <FiringPicture key={position} firing={firing} position={position} name={names.get(action.device_id ?? "") ?? t("linkage.gone")} />
          ))}
        </div>
      ) : null}
    </li>
  );
}
