// Who did what: the operation log, for the Installer Admin.
import { Stack } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { listOperations } from "../../api/calls";
import { PageHead } from "../../shell/PageHead";
import { codeText } from "../../texts/errors";
import { formatInstant } from "../../texts/times";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { actionKey } from "./actions";

export function LogPage() {
  const { t, i18n } = useTranslation();
  const list = usePages("operations", { limit: 50 }, listOperations);
  const action = (call: string) => {
    const key = actionKey(call);
    const text = t(`action.${key}`, { defaultValue: call });
    // Here the path is the device's own and says what was changed.
    return key === "remote_write" ? `${text}: ${call}` : text;
  };
  return (
    <Stack gap="lg">
      <PageHead title={t("log.title")} hint={t("log.hint")} />
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <LoadingRows height={48} rows={6} /> : null}
      {list.isSuccess && list.items.length === 0 ? (
        <Empty Icon={IconHistory} title={t("log.none")} hint={t("log.none_hint")} />
      ) : null}
      {list.items.length > 0 ? (
        <div className="card">
          <table className="table table-stack">
            <thead>
              <tr>
                {["when", "who", "what", "object", "from", "result"].map((name) => <th key={name} scope="col">{t(`log.${name}`)}</th>)}
              </tr>
            </thead>
            <tbody>
              {list.items.map((row) => (
                <tr key={row.id}>
                  <td data-label={t("log.when")}><time dateTime={row.at}>{formatInstant(row.at, i18n.language)}</time></td>
                  <td data-label={t("log.who")}>{row.who ?? t("log.nobody")}</td>
                  <td data-label={t("log.what")}><b>{action(row.action)}</b></td>
                  <td data-label={t("log.object")}>{row.object_name || t(`object.${row.object_kind}`, { defaultValue: "–" })}</td>
                  <td data-label={t("log.from")} className="mono">{row.from_address || "–"}</td>
                  <td data-label={t("log.result")}>{row.result === "ok" ? t("log.ok") : codeText(i18n, row.result, row.result)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      <MoreButton list={list} />
    </Stack>
  );
}
