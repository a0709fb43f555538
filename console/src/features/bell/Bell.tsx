// The bell: what one was told, and how much of it is new.
import { Popover, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconBell } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listNotifications, readNotifications } from "../../api/calls";
import { formatInstant } from "../../texts/times";
import { ErrorNote } from "../../ui/ErrorNote";
import { affectedText, incidentTitle } from "../incidents/incidentText";

/** How often it asks by itself: pages that follow the live stream have it ask at once. */
const POLL = 20_000;

export function Bell() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const told = useQuery({ queryKey: ["notifications"], queryFn: () => listNotifications({ limit: 10 }), refetchInterval: POLL });
  const reading = useMutation({
    mutationFn: readNotifications,
    onSuccess: () => client.invalidateQueries({ queryKey: ["notifications"] }),
  });
  const items = told.data?.items ?? [];
  const unread = told.data?.unread ?? 0;
  const change = (open: boolean) => {
    setOpened(open);
    // What was new stays marked while it is looked at.
    if (!open && unread > 0 && items[0]) reading.mutate(items[0].id);
  };
  return (
    <Popover opened={opened} onChange={change} position="bottom-end" width={340} shadow="md" trapFocus withinPortal={false}>
      <Popover.Target>
        <UnstyledButton
          className="bell" aria-label={unread > 0 ? t("bell.unread", { count: unread }) : t("bell.title")} onClick={() => change(!opened)}
        >
          <IconBell size={24} stroke={1.6} aria-hidden="true" />
          {unread > 0 ? <span className="bell-count" aria-hidden="true">{unread > 99 ? "99+" : unread}</span> : null}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("bell.title")}>
        <Stack gap="xs">
          <ErrorNote error={told.error ?? reading.error} />
          {told.isSuccess && items.length === 0 ? <Text size="sm" c="dimmed">{t("bell.none")}</Text> : null}
          <ul className="plain-list bell-list">
            {items.map((item) => (
              <li key={item.id} className="exception-row">
                <div className="grow">
                  <Text size="sm" fw={item.read_at ? 400 : 700} className="wrap">
                    {t(`bell.${item.what}`, { what: incidentTitle(t, item) })}
                  </Text>
                  <Text size="sm" c="dimmed" className="wrap">
                    {[item.site_name, item.affected > 0 ? affectedText(t, item) : "", formatInstant(item.created_at, i18n.language)].filter(Boolean).join(" · ")}
                  </Text>
                </div>
              </li>
            ))}
          </ul>
          <Link to="/incidents?show=all" className="link" onClick={() => change(false)}>{t("bell.all")}</Link>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
