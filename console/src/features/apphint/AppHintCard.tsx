// What end users of this site install: a QR code to show and a link to send (R-D10).
import { Button, Group, Text, Title } from "@mantine/core";
import { IconShare2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getAppHint } from "../../api/calls";
import { CopyLine } from "../../ui/CopyLine";
import { QrPicture } from "../../ui/QrPicture";
import { svgAddress } from "../../ui/svg";

export function AppHintCard({ siteId }: { siteId: string }) {
  const { t } = useTranslation();
  const hint = useQuery({ queryKey: ["app_hint", siteId], queryFn: () => getAppHint(siteId), staleTime: 60_000 });
  if (!hint.data) return null;
  const { name, version, link, qr_svg } = hint.data;
  const text = t("app_hint.message", { app: [name, version].filter(Boolean).join(" "), link });
  return (
    <section className="card" aria-labelledby="app-hint-title">
      <Title order={2} fz="h4" id="app-hint-title">{t("app_hint.title")}</Title>
      <div className="qr-beside">
        <QrPicture address={svgAddress(qr_svg)} label={t("app_hint.qr", { app: name })} size={132} />
        <div className="grow">
          <Text fw={600}>{name}{version ? ` · ${t("app_hint.version", { version })}` : ""}</Text>
          <Text size="sm" c="dimmed" mb="xs">{t("app_hint.text")}</Text>
          <CopyLine label={t("app_hint.link")} text={link} />
          {"share" in navigator ? (
            <Group mt="xs">
              <Button
                variant="default" size="sm" leftSection={<IconShare2 size={18} aria-hidden="true" />}
                onClick={() => void navigator.share({ text }).catch(() => undefined)}
              >
                {t("app_hint.send")}
              </Button>
            </Group>
          ) : null}
        </div>
      </div>
    </section>
  );
}
