// A photo taken now, or a picture file; the server finds the code in it.
import { Button, FileButton, Stack, Text } from "@mantine/core";
import { IconCamera, IconPhotoUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

export function PictureCapture({ busy, onPicture, hint }: { busy: boolean; onPicture: (file: File) => void; hint?: string }) {
  const { t } = useTranslation();
  const take = (file: File | null) => file && onPicture(file);
  return (
    <Stack>
      <FileButton onChange={take} accept="image/*" capture="environment" inputProps={{ "aria-label": t("scan.take_photo") }}>
        {(props) => (
          <Button {...props} size="lg" loading={busy} leftSection={<IconCamera size={22} aria-hidden="true" />}>
            {t("scan.take_photo")}
          </Button>
        )}
      </FileButton>
      <FileButton
        onChange={take} accept="image/png,image/jpeg,image/webp" inputProps={{ "aria-label": t("scan.choose_file") }}
      >
        {(props) => (
          <Button {...props} size="lg" variant="default" disabled={busy} leftSection={<IconPhotoUp size={22} aria-hidden="true" />}>
            {t("scan.choose_file")}
          </Button>
        )}
      </FileButton>
      <Text size="sm" c="dimmed">{hint ?? t("scan.picture_hint")}</Text>
    </Stack>
  );
}
