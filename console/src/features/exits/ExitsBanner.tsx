// Says that staff's accounts are being taken off deleted panels, and leads to the proof.
import { Button, Text } from "@mantine/core";
import { IconShieldOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import type { PanelExit } from "../../api/types";
import { ExitBadge } from "./ExitBadge";
import { exitName, exitsOf, goneOf } from "./exitState";
import { useRecentExits } from "./useExits";

/** What was just deleted stays told until the page is left; `everywhere`: whatever else is running, too. */
export function ExitsBanner({ poll, everywhere = false }: { poll: number | false; everywhere?: boolean }) {
  const { t } = useTranslation();
  const exits = useRecentExits(poll).data?.items ?? [];
  const own = exitsOf(exits, goneOf(useLocation().state));
  const running = everywhere ? exits.filter(({ state, id }) => state === "running" && !own.some((exit) => exit.id === id)) : [];
  return (
    <div role="status" className="said">
      {own.map((exit) => <OfOne key={exit.id} exit={exit} />)}
      {running.length > 0 ? (
        <Line to="/panel-exits" text={t("exit.running", { count: running.length })} hint={t("exit.running_hint")} action={t("exit.show")} />
      ) : null}
    </div>
  );
}

function OfOne({ exit }: { exit: PanelExit }) {
  const { t } = useTranslation();
  return (
    <Line
      to={`/panel-exits/${exit.id}`} text={t(`exit.of_${exit.state}`, { name: exitName(exit, t("devices.unnamed")) })} action={t("exit.show_proof")}
      hint={<ExitBadge state={exit.state} />}
    />
  );
}

function Line({ to, text, hint, action }: { to: string; text: string; hint: React.ReactNode; action: string }) {
  return (
    <div className="card banner exit-banner">
      <span className="kind-icon" aria-hidden="true"><IconShieldOff size={24} stroke={1.6} /></span>
      <div className="grow">
        <Text fw={600} className="wrap">{text}</Text>
        <Text size="sm" c="dimmed" component="div">{hint}</Text>
      </div>
      <Button component={Link} to={to} variant="default" size="sm">{action}</Button>
    </div>
  );
}
