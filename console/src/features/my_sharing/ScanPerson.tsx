// Shares face to face: the other shows the code of their account, and it is read here. Then whose it is, before anything is offered.
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconUserCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { createShareOffer, readAccountCode } from "../../api/calls";
import { ErrorNote } from "../../ui/ErrorNote";
import { QrScan } from "./QrScan";
import type { Shared } from "./sharing";

interface Properties {
  channels: Shared[]; person?: { token: string; name: string }; onOffered: (name: string) => void; onBack: () => void;
}

export function ScanPerson({ channels, person, onOffered, onBack }: Properties) {
  const { t } = useTranslation();
  const [found, setFound] = useState(person ?? null);
  const reading = useMutation({
    mutationFn: (token: string) => readAccountCode(token), onSuccess: ({ name }, token) => setFound({ token, name }),
  });
  const offering = useMutation({
    mutationFn: (account_token: string) => createShareOffer({ account_token, channels }), onSuccess: () => onOffered(found?.name ?? ""),
  });
  return (
    <Stack>
      {found ? (
        <div role="status" className="found-person">
          <IconUserCheck size={32} stroke={1.5} aria-hidden="true" />
          <Text fw={650} fz="lg" className="wrap">{found.name}</Text>
        </div>
      ) : (
        <>
          <Text c="dimmed" size="sm">{t("sharing.scan_hint")}</Text>
          <QrScan wanted="account" busy={reading.isPending} onToken={(token) => reading.mutate(token)} />
        </>
      )}
      <ErrorNote error={offering.error ?? reading.error} />
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>{t("do.back")}</Button>
        {found ? <Button loading={offering.isPending} onClick={() => offering.mutate(found.token)}>{t("sharing.offer_to", { name: found.name })}</Button> : null}
      </Group>
    </Stack>
  );
}
