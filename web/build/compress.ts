import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import type { Plugin } from "vite";

/** Writes a compressed copy beside each file, so that the server need not compress. */
export function compressedCopies(): Plugin {
  return {
    name: "compressed-copies",
    apply: "build",
    async closeBundle() {
      const files = await readdir("dist", { recursive: true });
      await Promise.all(
        files.filter((f) => /\.(css|html|js|wasm)$/.test(f)).map((f) => compress(join("dist", f))),
      );
    },
  };
}

async function compress(path: string): Promise<void> {
  const body = await readFile(path);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
  };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(body, { params }));
}
