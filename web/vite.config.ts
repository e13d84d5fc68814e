import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

// The page runs no script and no style that is not its own, and talks to no
// other host. Only in the build: the development server injects its own.
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: policy },
        injectTo: "head-prepend",
      },
    ],
  };
}

/** Writes a compressed copy beside each file, so that the server need not compress. */
function compressedCopies(): Plugin {
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

export default defineConfig({
  // Relative, so that the built page works from any folder.
  base: "./",
  plugins: [contentSecurityPolicy(), compressedCopies()],
  build: {
    target: "es2023",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: { fs: { allow: [".."] } },
});
