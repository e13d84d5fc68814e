// A GIF from screenshots: one palette, only what changed from picture to picture, and a comment.
import gifenc from "gifenc";
import { PNG } from "pngjs";

const { GIFEncoder, quantize, applyPalette } = gifenc;

/** The colours of all pictures share one palette; one more index stands for "as before". */
const colors = 63;

/**
 * Encodes PNGs, each shown for its milliseconds, as a GIF that repeats.
 * @param {{ png: Buffer, delay: number }[]} shots
 * @param {string} comment
 */
export function encodeGif(shots, comment) {
  const pictures = shots.map(({ png, delay }) => ({ ...PNG.sync.read(png), delay }));
  const palette = quantize(sample(pictures), colors, { format: "rgb565" });
  const gif = GIFEncoder();
  let before = null;
  for (const { data, width, height, delay } of pictures) {
    const indexes = applyPalette(data, palette, "rgb565");
    const frame = before ? unchangedAway(indexes, before, palette.length) : indexes;
    const options = before
      ? { delay, transparent: true, transparentIndex: palette.length, dispose: 1 }
      : { palette: [...palette, [0, 0, 0]], delay, repeat: 0 };
    gif.writeFrame(frame, width, height, options);
    before = indexes;
  }
  gif.finish();
  return withComment(Buffer.from(gif.bytes()), comment);
}

/** Pixels of a few pictures, enough to choose the palette from. */
function sample(pictures) {
  const step = Math.max(1, Math.floor(pictures.length / 4));
  return new Uint8Array(Buffer.concat(pictures.filter((_, i) => i % step === 0).map((p) => p.data)));
}

function unchangedAway(indexes, before, transparent) {
  return indexes.map((index, i) => (index === before[i] ? transparent : index));
}

/** A comment extension before the trailer (GIF89a, section 24). */
function withComment(gif, comment) {
  const text = Buffer.from(comment, "ascii");
  if (text.length > 255) throw new Error("a comment of more than 255 bytes");
  const block = Buffer.concat([Buffer.from([0x21, 0xfe, text.length]), text, Buffer.from([0])]);
  return Buffer.concat([gif.subarray(0, -1), block, gif.subarray(-1)]);
}

/** The comment that stands at the end of a GIF made here; empty when there is none. */
export function gifComment(gif) {
  const at = gif.lastIndexOf(Buffer.from([0x21, 0xfe]));
  if (at < 0) return "";
  const length = gif[at + 2];
  return gif.subarray(at + 3, at + 3 + length).toString("ascii");
}
