// Chooses who manages one or many sites, each with an end or without; the new set replaces the old (R-S4).
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconInfoCircle, IconReplace } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { putSiteManagers } from "../../api/calls";
import { serverNow } from "../../api/clock";
import type { SiteManagersUpdate } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { ChosenLine } from "./ChosenLine";
import { chosenMember, MOST, untilError, updateOf, zoneOf, type Chosen, type ChosenSite } from "./managerState";
import { MemberChoice } from "./MemberChoice";

interface Properties {
  sites: ChosenSite[];
  /** Those who manage them now; null where that is not looked up and they are replaced unseen. */
  start: Chosen[] | null;
  expired?: string[]; opened: boolean; onClose: () => void; onSaved: (sites: number) => void;
}

export function ManagersDialog({ sites, start, expired = [], opened, onClose, onSaved }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [chosen, setChosen] = useState(start ?? []);
  const [tried, setTried] = useState(false);
  const { zone, own } = zoneOf(sites);
  const saving = useMutation({
    mutationFn: (update: SiteManagersUpdate) => putSiteManagers(update),
    onSuccess: ({ sites: count, ignored }) => {
      for (const name of ["managers", "sites"]) void client.invalidateQueries({ queryKey: [name] });
      onSaved(count);
      if (ignored.length === 0) onClose();
    },
  });
  const many = sites.length > 1;
  const title = many ? t("managers.title_sites", { count: sites.length }) : t("managers.title_site", { site: sites[0]?.name ?? "" });
  const removing = chosen.length === 0 && start?.length !== 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const update = updateOf(chosen, sites, zone, serverNow());
    if (update) saving.mutate(update);
  };
  const wrong = (one: Chosen) => {
    const key = tried ? untilError(one.until, zone, serverNow()) : null;
    return key ? t(key) : undefined;
  };
  if (saving.data && saving.data.ignored.length > 0) {
    const names = chosen.filter(({ staff_id }) => saving.data.ignored.includes(staff_id)).map(({ name }) => name).join(", ");
    return (
      <Dialog opened={opened} onClose={onClose} title={title}>
        <Stack>
          <Alert role="status" className="note" icon={<IconInfoCircle aria-hidden="true" />} title={t("managers.ignored_title", { names })}>
            {t("managers.ignored_text")}
          </Alert>
          <Group justify="flex-end"><Button onClick={onClose} data-autofocus>{t("do.done")}</Button></Group>
        </Stack>
      </Dialog>
    );
  }
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {start === null ? (
            <Alert role="note" className="note note-warn" icon={<IconReplace aria-hidden="true" />}>
              {t("managers.replaces", { count: sites.length })}
            </Alert>
          ) : null}
          {expired.length > 0 ? <Text size="sm" c="dimmed">{t("managers.expired_hint", { names: expired.join(", ") })}</Text> : null}
          <MemberChoice
            taken={chosen.map(({ staff_id }) => staff_id)} full={chosen.length >= MOST}
            onChoose={(member) => setChosen([...chosen, chosenMember(member)])}
          />
          {chosen.length === 0 ? <Text c="dimmed">{t("managers.nobody")}</Text> : (
            <>
              <ul className="line-list chosen" aria-label={t("managers.title")}>
                {chosen.map((one) => (
                  <ChosenLine
                    key={one.staff_id} chosen={one} error={wrong(one)}
                    onUntil={(until) => setChosen(chosen.map((each) => (each.staff_id === one.staff_id ? { ...each, until } : each)))}
                    onRemove={() => setChosen(chosen.filter(({ staff_id }) => staff_id !== one.staff_id))}
                  />
                ))}
              </ul>
              {chosen.some(({ idle }) => idle !== "manages_all_sites") ? (
                <Text size="sm" c="dimmed">{t(own ? "managers.zone_own" : "managers.zone_site", { zone })}</Text>
              ) : null}
            </>
          )}
          <ErrorNote error={saving.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t("do.cancel")}</Button>
            <Button type="submit" loading={saving.isPending} className={removing ? "danger" : undefined}>
              {t(removing ? "managers.remove_all" : "do.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
