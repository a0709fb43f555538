// A text as a QR code, black on white also in the dark, so that every camera reads it.
import { Skeleton } from "@mantine/core";
import { useEffect, useState } from "react";

interface Properties { label: string; text?: string; address?: string; size?: number }

export function QrPicture({ label, text, address, size = 190 }: Properties) {
  const [drawn, setDrawn] = useState<string | null>(null);
  useEffect(() => {
    let left = false;
    setDrawn(null);
    if (!text) return;
    import("./qr").then(({ drawQr }) => drawQr(text)).then((found) => left || setDrawn(found), () => undefined);
    return () => {
      left = true;
    };
  }, [text]);
  const shown = address ?? drawn;
  if (!shown) return <Skeleton width={size} height={size} radius="md" />;
  return <img className="qr-picture" src={shown} alt={label} width={size} height={size} />;
}
