// One row of an import: to be ticked, or how it went.
import { Checkbox, Loader, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconClock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ImportRow } from "../../api/types";
import { codeText } from "../../texts/errors";
import { canTick, wasTicked } from "./scanState";

interface Properties { row: ImportRow; ticked?: boolean; onTick?: (on: boolean) => void }

export function RowLine({ row, ticked = false, onTick }: Properties) {
  const { t, i18n } = useTranslation();
  const name = row.name || t("scan.unnamed");
  // On a site that this person does not manage: not which.
  const elsewhere = row.state === "on_other_site" && !row.other_site;
  const state = elsewhere ? t("add_state.on_other_site") : t(`row_state.${row.state}`, { site: row.other_site?.name ?? "" });
  // Where it is already says the state itself.
  const reason = row.reason && !row.state.startsWith("on_") ? codeText(i18n, row.reason.code, row.reason.message) : null;
  const where = [row.serial ?? (row.host ? `${row.host}:${row.port}` : ""), row.user_name ? t("scan.as_user", { user: row.user_name }) : ""]
    .filter(Boolean).join(" · ");
  const body = (
    <span className="row-body">
      <span className="row-name">{name}</span>
      {where ? <Text component="span" size="sm" c="dimmed" className="wrap">{where}</Text> : null}
      {row.found ? (
        <Text component="span" size="sm" c="dimmed">
          {t("scan.found", { scheme: row.found.scheme.toUpperCase(), port: row.found.port })}
        </Text>
      ) : null}
      {row.state === "new" ? null : (
        <span className={`row-state row-${row.state}`}><RowIcon row={row} />{state}{reason && reason !== state ? `: ${reason}` : ""}</span>
      )}
    </span>
  );
  if (!onTick || wasTicked(row)) return <li className="import-row">{body}</li>;
  return (
    <li className={`import-row${canTick(row) ? "" : " import-row-off"}`}>
      <Checkbox
        size="md" label={body} checked={ticked} disabled={!canTick(row)}
        onChange={(event) => onTick(event.currentTarget.checked)}
      />
    </li>
  );
}

function RowIcon({ row }: { row: ImportRow }) {
  if (row.state === "added") return <IconCircleCheck size={16} aria-hidden="true" />;
  if (row.state === "failed") return <IconCircleX size={16} aria-hidden="true" />;
  if (row.state === "waiting") return <IconClock size={16} aria-hidden="true" />;
  if (row.state === "running") return <Loader size={14} aria-hidden="true" />;
  return null;
}
