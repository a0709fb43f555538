// Reads a code that somebody shows: with the camera, or from a photo of it. Both happen in the browser; nothing is uploaded.
import { Alert, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CameraCapture } from "../imports/CameraCapture";
import { PictureCapture } from "../imports/PictureCapture";
import { readPicture } from "./readPicture";
import { codeIn, type Scanned } from "./tokens";

type Way = "camera" | "picture";

interface Properties {
  /** Which of the two codes is looked for. */
  wanted: Scanned["kind"]; busy: boolean; onToken: (token: string) => void;
}

export function QrScan({ wanted, busy, onToken }: Properties) {
  const { t } = useTranslation();
  const [way, setWay] = useState<Way>("camera");
  const [trouble, setTrouble] = useState<string | null>(null);
  const take = (texts: string[]) => {
    const codes = texts.map(codeIn).filter((code) => code !== null);
    const right = codes.find(({ kind }) => kind === wanted);
    if (right) {
      setTrouble(null);
      onToken(right.token);
    } else {
      setTrouble(texts.length === 0 ? "none" : codes[0] ? `${codes[0].kind}_instead` : "foreign");
    }
  };
  const reading = useMutation({ mutationFn: readPicture, onSuccess: take, onError: () => setTrouble("unreadable") });
  return (
    <Stack>
      <SegmentedControl
        fullWidth size="md" aria-label={t("scan.how")} value={way} className="ways"
        data={[{ value: "camera", label: t("scan.camera") }, { value: "picture", label: t("scan.picture") }]}
        onChange={(value) => {
          setWay(value as Way);
          setTrouble(null);
        }}
      />
      {way === "camera" ? <CameraCapture busy={busy} onText={(text) => busy || take([text])} hint={t("sharing.camera_hint")} /> : (
        <PictureCapture busy={busy || reading.isPending} onPicture={(file) => reading.mutate(file)} hint={t("sharing.picture_hint")} />
      )}
      <div role="status">
        {busy ? <Text ta="center">{t("scan.reading")}</Text> : null}
      </div>
      {trouble ? <Alert role="alert" className="note note-warn">{t(`sharing.scan_${trouble}`)}</Alert> : null}
    </Stack>
  );
}
