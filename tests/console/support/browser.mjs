// Debian's Chromium, with a camera that films a picture of ours.
import { writeFile } from "node:fs/promises";
import { chromium } from "playwright-core";
import { PNG } from "pngjs";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Opens Chromium; with `film` (a y4m file) it has a camera that shows it and may use it. */
export async function openBrowser(film) {
  const camera = film
    ? ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-video-capture=${film}`]
    : [];
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: [...flags, ...camera] });
}

/** Writes a short film (y4m, 4:2:0) of a PNG in the middle of a grey frame. */
export async function filmOf(png, path, width = 1280, height = 960, margin = 220) {
  const picture = PNG.sync.read(png);
  const scale = Math.min(1, (width - margin) / picture.width, (height - margin) / picture.height);
  const shown = { width: Math.floor(picture.width * scale), height: Math.floor(picture.height * scale) };
  const left = Math.floor((width - shown.width) / 2);
  const top = Math.floor((height - shown.height) / 2);
  const luma = Buffer.alloc(width * height, 170);
  for (let y = 0; y < shown.height; y += 1) {
    for (let x = 0; x < shown.width; x += 1) {
      const at = (Math.floor(y / scale) * picture.width + Math.floor(x / scale)) * 4;
      luma[(top + y) * width + left + x] = picture.data[at] > 127 ? 235 : 20;
    }
  }
  const chroma = Buffer.alloc((width * height) / 2, 128);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), luma, chroma]);
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  await writeFile(path, Buffer.concat([head, frame, frame, frame, frame]));
  return path;
}
