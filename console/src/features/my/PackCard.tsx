// What the owner was handed with the site, to be taken home: on paper, and as the very data of which the access log has the hash.
import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getMyPack } from "../../api/calls";
import { isGone, query, streamAddress } from "../../api/client";
import { Section } from "../devices/Section";

export function PackCard({ siteId }: { siteId: string }) {
  const { t, i18n } = useTranslation();
  const pack = useQuery({
    queryKey: ["my pack", siteId],
    // A site that became theirs without one has none: that is no error.
    queryFn: () => getMyPack(siteId).catch((error: unknown) => (isGone(error) ? null : Promise.reject(error))),
    staleTime: Infinity,
  });
  if (!pack.data) return null;
  const address = `/my/sites/${siteId}/pack`;
  const links = [
    [streamAddress(`${address}/pdf${query({ language: i18n.language })}`), t("my.pack_pdf")],
    [streamAddress(address), t("my.pack_data")],
  ] as const;
  return (
    <Section title={t("my.pack")}>
      <Text c="dimmed" size="sm" mb="sm">{t("my.pack_hint")}</Text>
      <Group gap="sm">
        {links.map(([href, text]) => (
          <Button key={href} component="a" href={href} download variant="default" leftSection={<IconDownload size={18} aria-hidden="true" />}>
            {text}
          </Button>
        ))}
      </Group>
    </Section>
  );
}
