// First step: a code comes in by camera, picture or text, or a serial number by hand; devices in the LAN are one tap away.
import { Button, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconRadar2 } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Addition } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";
import { SerialForm } from "../additions/SerialForm";
import { CameraCapture } from "./CameraCapture";
import { PictureCapture } from "./PictureCapture";
import { TextCapture } from "./TextCapture";

type Way = "camera" | "picture" | "text" | "manual";
const WAYS: Way[] = ["camera", "picture", "text", "manual"];
interface Properties {
  siteId: string; busy: boolean; error: unknown; onText: (text: string) => void; onPicture: (file: File) => void; onWay: () => void;
  onAddition: (addition: Addition) => void; onByAddress: () => void;
}

export function CaptureStep({ siteId, busy, error, onText, onPicture, onWay, onAddition, onByAddress }: Properties) {
  const { t } = useTranslation();
  const [way, setWay] = useState<Way>("camera");
  return (
    <Stack>
      <SegmentedControl
        fullWidth size="md" aria-label={t("scan.how")} value={way} className="ways"
        onChange={(value) => {
          setWay(value as Way);
          onWay();
        }}
        data={WAYS.map((value) => ({ value, label: t(`scan.${value}`) }))}
      />
      {way === "camera" ? <CameraCapture busy={busy} onText={onText} /> : null}
      {way === "picture" ? <PictureCapture busy={busy} onPicture={onPicture} /> : null}
      {way === "text" ? <TextCapture busy={busy} onText={onText} /> : null}
      {way === "manual" ? <SerialForm siteId={siteId} onAddition={onAddition} onByAddress={onByAddress} /> : null}
      {busy && way !== "camera" ? <Text role="status" ta="center">{t("scan.reading")}</Text> : null}
      <ErrorNote error={error} />
      <div className="or-line"><span>{t("scan.or")}</span></div>
      <Button
        component={Link} to={`/sites/${siteId}/found`} variant="default" size="lg"
        leftSection={<IconRadar2 size={20} aria-hidden="true" />}
      >
        {t("found.title")}
      </Button>
    </Stack>
  );
}
