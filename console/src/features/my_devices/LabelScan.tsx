// Which device one holds: its label by the camera or from a photo, both read in the browser, or its serial number typed.
import { Alert, Button, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { shortSerial } from "../additions/rules";
import { CameraCapture } from "../imports/CameraCapture";
import { PictureCapture } from "../imports/PictureCapture";
import { readPicture } from "../my_sharing/readPicture";

type Way = "camera" | "picture" | "serial";
const WAYS: Way[] = ["camera", "picture", "serial"];

export function LabelScan({ busy, onText }: { busy: boolean; onText: (text: string) => void }) {
  const { t } = useTranslation();
  const [way, setWay] = useState<Way>("camera");
  const [trouble, setTrouble] = useState<"none" | "unreadable" | null>(null);
  const take = (texts: string[]) => {
    const [first] = texts;
    setTrouble(first ? null : "none");
    if (first && !busy) onText(first);
  };
  const reading = useMutation({ mutationFn: readPicture, onSuccess: take, onError: () => setTrouble("unreadable") });
  return (
    <Stack>
      <SegmentedControl
        fullWidth size="md" aria-label={t("scan.how")} value={way} className="ways"
        data={WAYS.map((value) => ({ value, label: t(value === "serial" ? "my_devices.by_serial" : `scan.${value}`) }))}
        onChange={(value) => {
          setWay(value as Way);
          setTrouble(null);
        }}
      />
      {way === "camera" ? <CameraCapture busy={busy} onText={(text) => take([text])} hint={t("my_devices.camera_hint")} /> : null}
      {way === "picture" ? (
        <PictureCapture busy={busy || reading.isPending} onPicture={(file) => reading.mutate(file)} hint={t("my_devices.picture_hint")} />
      ) : null}
      {way === "serial" ? <SerialLine busy={busy} onText={onText} /> : null}
      {trouble ? <Alert role="alert" className="note note-warn">{t(`my_devices.scan_${trouble}`)}</Alert> : null}
    </Stack>
  );
}

function SerialLine({ busy, onText }: { busy: boolean; onText: (text: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const serial = shortSerial(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (serial) onText(serial);
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off">
      <Stack>
        <TextInput
          label={t("devices.serial")} description={t("my_devices.serial_hint")} required maxLength={64} spellCheck={false}
          autoCapitalize="characters" value={text} error={tried && !serial ? t("addition.serial_wrong") : undefined}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div><Button type="submit" loading={busy}>{t("my_devices.look")}</Button></div>
      </Stack>
    </form>
  );
}
