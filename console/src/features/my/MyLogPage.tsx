// What was done on an owner's site, by whom: the access log, and the file that proves it.
import { Button, Stack, Text } from "@mantine/core";
import { IconDownload, IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { getMySite, listMyAccessLog } from "../../api/calls";
import { streamAddress } from "../../api/client";
import type { AccessEntry } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { codeText } from "../../texts/errors";
import { formatInstant } from "../../texts/times";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { actionText, whoText } from "./logText";
import { useMyLive } from "./useMyLive";

export function MyLogPage() {
  const { t, i18n } = useTranslation();
  const { siteId = "" } = useParams();
  const poll = useMyLive();
  const site = useQuery({ queryKey: ["my site", siteId], queryFn: () => getMySite(siteId) });
  const list = usePages("my access log", { site: siteId, limit: 50 }, listMyAccessLog, poll);
  const result = ({ detail }: AccessEntry) => {
    const code = "result" in detail ? String(detail.result) : "ok";
    // The text of this refusal is for staff.
    if (code === "permission_missing") return t("my.log_not_allowed");
    return code === "ok" ? null : t("my.log_refused", { why: codeText(i18n, code, code) });
  };
  return (
    <Stack gap="lg">
      <PageHead
        title={t("my.log")} hint={t("my.log_hint")}
        up={{ to: `/my/sites/${siteId}`, text: site.data?.name ?? t("my.sites") }}
        actions={
          <Button
            component="a" href={streamAddress(`/my/sites/${siteId}/access_log/file`)} download variant="default"
            leftSection={<IconDownload size={18} aria-hidden="true" />}
          >
            {t("my.log_download")}
          </Button>
        }
      />
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <LoadingRows height={48} rows={6} /> : null}
      {list.isSuccess && list.items.length === 0 ? <Empty Icon={IconHistory} title={t("my.log_none")} /> : null}
      {list.items.length > 0 ? (
        <div className="card">
          <table className="table table-stack">
            <thead>
              <tr>{["when", "who", "what", "object"].map((name) => <th key={name} scope="col">{t(`log.${name}`)}</th>)}</tr>
            </thead>
            <tbody>
              {list.items.map((row) => (
                <tr key={row.n}>
                  <td data-label={t("log.when")}><time dateTime={row.at}>{formatInstant(row.at, i18n.language)}</time></td>
                  <td data-label={t("log.who")}>{whoText(t, row)}</td>
                  <td data-label={t("log.what")}>
                    <div>
                      <b>{actionText(t, row.action)}</b>
                      {result(row) ? <Text size="sm" c="dimmed">{result(row)}</Text> : null}
                    </div>
                  </td>
                  <td data-label={t("log.object")}>
                    {row.device_id ? <Link to={`/my/devices/${row.device_id}`} className="link">{row.device_name || t("object.device")}</Link> : "–"}
                  </td>
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
