import { describe, expect, it } from "vitest";
import { Frames } from "./frames";
import { boundsOf, dayOf, piecesOf, secondsOf } from "./timeline";

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const text = (picture: Uint8Array) => String.fromCharCode(...picture);
const part = (content: string) => `Content-Type: image/jpeg\r\nContent-Length: ${String(content.length)}\r\n\r\n${content}\r\n--picture\r\n`;

describe("a stream of pictures", () => {
  it("gives the same pictures however it is cut", () => {
    const stream = bytes(`--picture\r\n${part("first")}${part("\r\n\r\nsecond")}`);
    for (let size = 1; size <= stream.length; size += 1) {
      const frames = new Frames();
      const seen: string[] = [];
      for (let at = 0; at < stream.length; at += size) seen.push(...frames.push(stream.subarray(at, at + size)).map(text));
      expect(seen).toEqual(["first", "\r\n\r\nsecond"]);
    }
  });

  it("is not read without end where no picture comes", () => {
    const frames = new Frames();
    expect(() => {
      for (let round = 0; round < 20; round += 1) frames.push(new Uint8Array(1024 * 1024));
    }).toThrow();
  });
});

describe("a day of recordings", () => {
  const at = (hour: number, minute = 0) => new Date(2026, 5, 3, hour, minute).toISOString();

  it("joins what touches and cuts what lies outside", () => {
    const recordings = [
      { from: at(2), to: at(3), bytes: null }, { from: at(1), to: at(2), bytes: null },
      { from: at(-1), to: at(0, 30), bytes: null }, { from: at(23), to: at(26), bytes: null },
    ];
    const pieces = piecesOf(recordings, "2026-06-03");
    expect(pieces).toHaveLength(3);
    expect(pieces[0]?.left).toBe(0);
    expect(pieces[1]?.left).toBeCloseTo(100 / 24);
    expect(secondsOf(pieces)).toBe(30 * 60 + 2 * 3600 + 3600);
  });

  it("is named as an input writes it", () => {
    const { from, to } = boundsOf("2026-02-28");
    expect([dayOf(from), dayOf(to)]).toEqual(["2026-02-28", "2026-03-01"]);
  });
});
