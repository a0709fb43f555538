// QR codes read in the browser. The decoder's WebAssembly is one of our own files, fetched when a camera starts.
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

let prepared: Promise<unknown> | undefined;

/** Fetches and compiles the decoder, once. */
export function prepareDecoder(): Promise<unknown> {
  prepared ??= prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  return prepared;
}

/** The texts of the QR codes in a frame. */
export async function readFrame(frame: ImageData): Promise<string[]> {
  const found = await readBarcodes(frame, { formats: ["QRCode"], tryHarder: true, tryInvert: true, maxNumberOfSymbols: 4 });
  return found.filter((one) => one.isValid && one.text).map((one) => one.text);
}
