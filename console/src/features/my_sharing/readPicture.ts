// The QR codes of a photo, read in the browser.
import { prepareDecoder, readFrame } from "../imports/decoder";

/** Longer sides are made this long, in pixels: a phone's photo has more than a code needs. */
const LONGEST = 2000;

/** The texts of the QR codes in a picture file. Rejects what is no picture. */
export async function readPicture(file: Blob): Promise<string[]> {
  const [picture] = await Promise.all([createImageBitmap(file), prepareDecoder()]);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return readFrame(context.getImageData(0, 0, canvas.width, canvas.height));
}
