// QR codes drawn in the browser. The writer's WebAssembly is one of our own files, fetched when first needed.
import { prepareZXingModule, writeBarcode } from "zxing-wasm/writer";
import { svgAddress } from "./svg";
import wasm from "zxing-wasm/writer/zxing_writer.wasm?url";

let prepared: Promise<unknown> | undefined;

/** The picture of a text, as an address for an `img`. */
export async function drawQr(text: string): Promise<string> {
  prepared ??= prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  await prepared;
  const { svg, error } = await writeBarcode(text, { format: "QRCode", options: "ecLevel=M" });
  if (error) throw new Error(error);
  return svgAddress(svg);
}
