// Whoever has the scanned picture has the passwords: new ones are offered, a random one a device, and their way is shown.
import { Alert, Button, Checkbox, Loader, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconKey } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changePasswords, listPasswordChanges } from "../../api/calls";
import type { DevicePasswordState } from "../../api/types";
import { codeText } from "../../texts/errors";
import { ErrorNote } from "../../ui/ErrorNote";

const ASK_EVERY = 2_000;
const going = ({ state }: DevicePasswordState) => state === "waiting" || state === "running";

export function ChangeOffer({ siteId, devices }: { siteId: string; devices: { id: string; name: string }[] }) {
  const { t } = useTranslation();
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set(devices.map(({ id }) => id)));
  const asking = useMutation({ mutationFn: () => changePasswords(siteId, [...ids]) });
  const changes = useQuery({
    queryKey: ["password_changes", siteId], queryFn: () => listPasswordChanges(siteId), enabled: asking.isSuccess,
    refetchInterval: ({ state }) => (state.data && !state.data.items.some(going) ? false : ASK_EVERY),
  });
  const tick = (id: string, on: boolean) => {
    const next = new Set(ids);
    if (on) next.add(id);
    else next.delete(id);
    setIds(next);
  };
  if (asking.isSuccess) {
    const items = changes.data?.items ?? asking.data.items;
    const wanted = devices.filter(({ id }) => ids.has(id)).map(({ id, name }) => ({ name, change: items.find(({ device_id }) => device_id === id) }));
    const done = wanted.filter(({ change }) => change?.state === "done").length;
    return (
      <Alert role="note" className="note" title={t("password_change.progress_title")} icon={<IconKey aria-hidden="true" />}>
        <Text role="status">{t("scan.progress", { n: done, total: wanted.length })}</Text>
        <ul className="import-rows">
          {wanted.map(({ name, change }, index) => <ChangeLine key={index} name={name} change={change} />)}
        </ul>
      </Alert>
    );
  }
  return (
    <Alert role="note" className="note note-warn" title={t("password_change.offer_title")} icon={<IconKey aria-hidden="true" />}>
      {t("password_change.offer_text")}
      <ul className="import-rows" aria-label={t("password_change.offer_title")}>
        {devices.map(({ id, name }) => (
          <li key={id} className="import-row">
            <Checkbox size="md" label={name} checked={ids.has(id)} onChange={(event) => tick(id, event.currentTarget.checked)} />
          </li>
        ))}
      </ul>
      <ErrorNote error={asking.error} />
      <Button mt="sm" loading={asking.isPending} disabled={ids.size === 0} onClick={() => asking.mutate()}>
        {t("password_change.offer_do", { count: ids.size })}
      </Button>
    </Alert>
  );
}

function ChangeLine({ name, change }: { name: string; change: DevicePasswordState | undefined }) {
  const { t, i18n } = useTranslation();
  const state = change?.state ?? "waiting";
  const tone = state === "done" ? "row-added" : state === "failed" ? "row-failed" : "row-waiting";
  return (
    <li className="import-row">
      <span className="row-body">
        <span className="row-name">{name}</span>
        <span className={`row-state ${tone}`}>
          {state === "done" ? <IconCircleCheck size={16} aria-hidden="true" /> : null}
          {state === "failed" ? <IconCircleX size={16} aria-hidden="true" /> : null}
          {change && going(change) ? <Loader size={14} aria-hidden="true" /> : null}
          {t(`password_change.line_${state}`)}{change?.reason ? `: ${codeText(i18n, change.reason, change.reason)}` : ""}
        </span>
      </span>
    </li>
  );
}
