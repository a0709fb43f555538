// Scanning with the camera. A text that was just refused is not sent again while it stays in view.
import { Alert, Button, Text } from "@mantine/core";
import { IconBulb, IconBulbOff, IconCameraOff } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { closeCamera, openCamera, torchOf, watch, type CameraTrouble, type Torch } from "./camera";

export function CameraCapture({ busy, onText, hint }: { busy: boolean; onText: (text: string) => void; hint?: string }) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const tell = useRef(onText);
  tell.current = onText;
  const [trouble, setTrouble] = useState<CameraTrouble | null>(null);
  const [running, setRunning] = useState(false);
  const [torch, setTorch] = useState<Torch | null>(null);
  const [lit, setLit] = useState(false);

  useEffect(() => {
    const ending = new AbortController();
    let stream: MediaStream | undefined;
    let last = "";
    const start = async () => {
      const opened = await openCamera();
      if (typeof opened === "string") return setTrouble(opened);
      if (ending.signal.aborted || !video.current) return closeCamera(opened);
      stream = opened;
      video.current.srcObject = opened;
      await video.current.play();
      setTorch(torchOf(opened));
      setRunning(true);
      await watch(video.current, ending.signal, (text) => {
        if (text === last) return;
        last = text;
        tell.current(text);
      });
    };
    start().catch(() => ending.signal.aborted || setTrouble("camera_failed"));
    return () => {
      ending.abort();
      if (stream) closeCamera(stream);
    };
  }, []);

  if (trouble) return <Alert className="note note-warn" icon={<IconCameraOff aria-hidden="true" />}>{t(`scan.${trouble}`)}</Alert>;
  return (
    <div>
      <div className="camera">
        <video ref={video} muted playsInline aria-label={t("scan.camera_view")} />
        <div className="camera-frame" aria-hidden="true" />
        {torch ? (
          <Button
            className="camera-torch" variant="white" aria-pressed={lit}
            leftSection={lit ? <IconBulbOff size={18} aria-hidden="true" /> : <IconBulb size={18} aria-hidden="true" />}
            onClick={() => void torch.set(!lit).then(() => setLit(!lit), () => setTorch(null))}
          >
            {t(lit ? "scan.torch_off" : "scan.torch_on")}
          </Button>
        ) : null}
      </div>
      <Text size="sm" c="dimmed" ta="center" mt="xs" role="status">
        {t(busy ? "scan.reading" : running ? "scan.camera_looking" : "scan.camera_starting")}
      </Text>
      <Text size="sm" c="dimmed" ta="center">{hint ?? t("scan.camera_hint")}</Text>
    </div>
  );
}
