// Everything that is or was wrong, over all sites.
import { Button, SegmentedControl, Select, Stack } from "@mantine/core";
import { IconHistory, IconShieldCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { listExceptions } from "../../api/calls";
import { useLive } from "../../api/live";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { ExceptionRow } from "./ExceptionRow";

const KINDS = ["device_offline", "login_failed", "disk_error", "no_disk", "video_loss", "channel_offline", "firmware_vulnerable"];
const SHOWN = { open: true, closed: false, all: null } as const;
type Show = keyof typeof SHOWN;

export function ExceptionsPage() {
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get("show") ?? "open";
  const show: Show = asked in SHOWN ? (asked as Show) : "open";
  const kind = parameters.get("kind");
  const poll = useLive();
  const list = usePages("exceptions", { open: SHOWN[show], kind }, listExceptions, poll);
  const change = (name: string, value: string | null) =>
    setParameters((before) => {
      if (value) before.set(name, value);
      else before.delete(name);
      return before;
    }, { replace: true });
  const allWell = show === "open" && !kind;
  return (
    <Stack gap="lg">
      <PageHead
        title={t("exceptions.title")} hint={t("exceptions.hint")}
        actions={<Button component={Link} to="/incidents" variant="default">{t("incidents.by_cause")}</Button>}
      />
      <div className="filters">
        <SegmentedControl
          aria-label={t("exceptions.filter")} value={show} onChange={(value) => change("show", value)} size="md"
          data={(Object.keys(SHOWN) as Show[]).map((value) => ({ value, label: t(`exceptions.${value}`) }))}
        />
        <Select
          aria-label={t("exceptions.kind")} placeholder={t("exceptions.any_kind")} clearable value={kind}
          clearButtonProps={{ "aria-label": t("exceptions.any_kind") }}
          data={KINDS.map((value) => ({ value, label: t(`exception_kind.${value}`) }))}
          onChange={(value) => change("kind", value)}
        />
      </div>
      {list.isError ? <ErrorNote error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <LoadingRows /> : null}
      {list.isSuccess && list.items.length === 0 ? (
        <Empty
          Icon={allWell ? IconShieldCheck : IconHistory}
          title={t(allWell ? "exceptions.none_open" : "exceptions.none")}
          hint={t(allWell ? "exceptions.none_open_hint" : "exceptions.none_hint")}
        />
      ) : null}
      {list.items.length > 0 ? (
        <ul className="card plain-list" aria-label={t("exceptions.title")}>
          {list.items.map((exception) => <ExceptionRow key={exception.id} exception={exception} withDevice />)}
        </ul>
      ) : null}
      <MoreButton list={list} />
    </Stack>
  );
}
