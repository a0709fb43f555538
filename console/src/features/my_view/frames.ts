// Pictures out of a stream of parts: each has a head that tells its length.

const HEAD_END = [13, 10, 13, 10];
/** More than this without a picture is no stream of pictures. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Takes bytes as they come and gives the pictures that are whole. */
export class Frames {
  private rest = new Uint8Array(0);

  /** The pictures that these bytes complete. */
  push(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const all = new Uint8Array(this.rest.length + bytes.length);
    all.set(this.rest);
    all.set(bytes, this.rest.length);
    const pictures: Uint8Array<ArrayBuffer>[] = [];
    let at = 0;
    for (;;) {
      const head = headEnd(all, at);
      if (head < 0) break;
      const length = lengthIn(new TextDecoder("latin1").decode(all.subarray(at, head)));
      if (length === null) {
        at = head;
        continue;
      }
      if (head + length > all.length) break;
      pictures.push(all.slice(head, head + length));
      at = head + length;
    }
    this.rest = all.slice(at);
    if (this.rest.length > MOST_BYTES) throw new Error("not a stream of pictures");
    return pictures;
  }
}

/** Where the head that begins here ends; -1: it is not all there. */
function headEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at + HEAD_END.length <= bytes.length; at += 1) {
    if (HEAD_END.every((byte, place) => bytes[at + place] === byte)) return at + HEAD_END.length;
  }
  return -1;
}

function lengthIn(head: string): number | null {
  const found = /content-length: *(\d+)/i.exec(head);
  return found ? Number(found[1]) : null;
}
