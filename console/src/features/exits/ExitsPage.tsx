// Panels that left the platform: whether the accounts of the company's people are off each.
import { Stack, Text } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listPanelExits } from "../../api/calls";
import { useLive } from "../../api/live";
import type { PanelExit } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { codeText } from "../../texts/errors";
import { formatInstant } from "../../texts/times";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { ExitBadge } from "./ExitBadge";
import { exitName } from "./exitState";

export function ExitsPage() {
  const { t } = useTranslation();
  const poll = useLive();
  const list = usePages("panel_exits", { limit: 50 }, listPanelExits, poll);
  return (
    <Stack gap="lg">
      <PageHead title={t("exit.title")} up={{ to: "/company", text: t("nav.company") }} hint={t("exit.hint")} />
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <LoadingRows /> : null}
      {list.isSuccess && list.items.length === 0 ? <Empty Icon={IconShieldCheck} title={t("exit.none")} hint={t("exit.none_hint")} /> : null}
      {list.items.length > 0 ? (
        <ul className="card line-list" aria-label={t("exit.title")}>
          {list.items.map((exit) => <ExitLine key={exit.id} exit={exit} />)}
        </ul>
      ) : null}
      <MoreButton list={list} />
    </Stack>
  );
}

function ExitLine({ exit }: { exit: PanelExit }) {
  const { t, i18n } = useTranslation();
  const at = (instant: string) => formatInstant(instant, i18n.language);
  return (
    <li className="line">
      <div className="grow">
        <Link to={`/panel-exits/${exit.id}`} className="line-name">{exitName(exit, t("devices.unnamed"))}</Link>
        <Text size="sm" c="dimmed" className="wrap">{[exit.site_name, exit.model, exit.serial].filter(Boolean).join(" · ")}</Text>
        <Text size="sm" c="dimmed">
          {exit.ended_at ? t("exit.from_to", { from: at(exit.begun_at), to: at(exit.ended_at) }) : t("exit.since", { at: at(exit.begun_at) })}
        </Text>
        {exit.state === "running" && exit.waiting_for.length > 0 ? (
          <Text size="sm" className="wrap">{t("exit.waiting_for", { names: exit.waiting_for.join(", ") })}</Text>
        ) : null}
        {exit.state === "running" && exit.reason_code ? (
          <Text size="sm" className="warn-text">{codeText(i18n, exit.reason_code, exit.reason_code)}</Text>
        ) : null}
      </div>
      <ExitBadge state={exit.state} />
    </li>
  );
}
