// First step: the code comes in by camera, picture or text.
import { SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNote } from "../../ui/ErrorNote";
import { CameraCapture } from "./CameraCapture";
import { PictureCapture } from "./PictureCapture";
import { TextCapture } from "./TextCapture";

type Way = "camera" | "picture" | "text";
interface Properties {
  busy: boolean; error: unknown; onText: (text: string) => void; onPicture: (file: File) => void; onWay: () => void;
}

export function CaptureStep({ busy, error, onText, onPicture, onWay }: Properties) {
  const { t } = useTranslation();
  const [way, setWay] = useState<Way>("camera");
  return (
    <Stack>
      <SegmentedControl
        fullWidth size="md" aria-label={t("scan.how")} value={way}
        onChange={(value) => {
          setWay(value as Way);
          onWay();
        }}
        data={(["camera", "picture", "text"] as Way[]).map((value) => ({ value, label: t(`scan.${value}`) }))}
      />
      {way === "camera" ? <CameraCapture busy={busy} onText={onText} /> : null}
      {way === "picture" ? <PictureCapture busy={busy} onPicture={onPicture} /> : null}
      {way === "text" ? <TextCapture busy={busy} onText={onText} /> : null}
      {busy && way !== "camera" ? <Text role="status" ta="center">{t("scan.reading")}</Text> : null}
      <ErrorNote error={error} />
    </Stack>
  );
}
