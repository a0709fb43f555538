// A long-term code as it will be printed, with the ways to save it. The link is told this once; it can be made anew.
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ShareCodeMade } from "../../api/types";
import { svgAddress } from "../../ui/svg";
import { CopyLine } from "../../ui/CopyLine";
import { QrPicture } from "../../ui/QrPicture";

export function LongTermView({ code, onDone }: { code: ShareCodeMade; onDone: () => void }) {
  const { t } = useTranslation();
  const svg = svgAddress(code.pictures.svg);
  const files = [
    { kind: "PNG", address: `data:image/png;base64,${code.pictures.png}`, name: "siteward-share.png" },
    { kind: "SVG", address: svg, name: "siteward-share.svg" },
  ];
  return (
    <Stack>
      <Text size="sm" c="dimmed">{t("sharing.made_hint")}</Text>
      <div className="timed-code"><QrPicture label={t("sharing.code_alt")} address={svg} size={300} /></div>
      <Group justify="center">
        {files.map(({ kind, address, name }) => (
          <Button key={kind} component="a" href={address} download={name} variant="default" leftSection={<IconDownload size={18} aria-hidden="true" />}>
            {t("sharing.save_as", { kind })}
          </Button>
        ))}
      </Group>
      <CopyLine label={t("sharing.code_link")} text={code.url} />
      <Group justify="flex-end"><Button onClick={onDone}>{t("do.done")}</Button></Group>
    </Stack>
  );
}
