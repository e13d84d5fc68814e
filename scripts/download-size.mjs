// Prints what a browser downloads for the page, compressed with brotli as it is served.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";

const dist = "web/dist";
const compressed = (file) =>
  existsSync(`${file}.br`) ? statSync(`${file}.br`).size : brotliCompressSync(readFileSync(file)).length;

let total = 0;
for (const name of readdirSync(dist, { recursive: true }).sort()) {
  const file = join(dist, name);
  if (!statSync(file).isFile() || /\.(br|gz)$/.test(name)) continue;
  const bytes = compressed(file);
  total += bytes;
  console.log(`${name.padEnd(36)} ${String(bytes).padStart(9)} B brotli`);
}
console.log(`${"download".padEnd(36)} ${String(total).padStart(9)} B brotli`);
