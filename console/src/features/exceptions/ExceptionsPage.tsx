// Everything that is or was wrong, over all sites, narrowed as one likes.
import { Button, Stack } from "@mantine/core";
import { IconHistory, IconShieldCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { listExceptions } from "../../api/calls";
import { serverNow } from "../../api/clock";
import { useLive } from "../../api/live";
import { PageHead } from "../../shell/PageHead";
import { Empty } from "../../ui/Empty";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { MoreButton } from "../../ui/MoreButton";
import { usePages } from "../../ui/pages";
import { useNow } from "../../ui/useNow";
import { ExceptionRow } from "./ExceptionRow";
import { Filters } from "./Filters";
import { filterOf, narrowing, showOf } from "./exceptionFilter";

export function ExceptionsPage() {
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  // Spans that end now move on by the minute.
  useNow(60_000);
  const poll = useLive();
  const list = usePages("exceptions", filterOf(parameters, serverNow()), listExceptions, poll);
  const change = (parts: Record<string, string | null>) =>
    setParameters(() => {
      // The address itself: two changes may come before the page is drawn anew, and none of them is lost.
      const asked = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(parts)) {
        if (value) asked.set(name, value);
        else asked.delete(name);
      }
      return asked;
    }, { replace: true });
  const allWell = showOf(parameters) === "open" && !parameters.get("kind") && narrowing(parameters) === 0;
  return (
    <Stack gap="lg">
      <PageHead
        title={t("exceptions.title")} hint={t("exceptions.hint")}
        actions={<Button component={Link} to="/incidents" variant="default">{t("incidents.by_cause")}</Button>}
      />
      <Filters parameters={parameters} change={change} />
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
          {list.items.map((exception) => (
            <ExceptionRow
              key={exception.id} exception={exception} withDevice onCause={({ id, name }) => change({ cause: id, cause_name: name })}
            />
          ))}
        </ul>
      ) : null}
      <MoreButton list={list} />
    </Stack>
  );
}
