// Usage: node scripts/site.mjs DIR
//
// Writes the built page as a folder for any static server, and castaway.html
// into it: the same page as one file, which runs by double-click.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";

const dist = "web/dist";
const target = process.argv[2];
if (!target) throw new Error("where to? Usage: node scripts/site.mjs DIR");
if (!existsSync(join(dist, "index.html"))) throw new Error(`${dist} holds no page: run make web first`);

/** The one file of the build whose name has a beginning and an end. */
function asset(begin, end) {
  const found = readdirSync(join(dist, "assets")).filter((f) => f.startsWith(begin) && f.endsWith(end));
  if (found.length !== 1) throw new Error(`one ${begin}*${end} expected in ${dist}/assets, found ${found.length}`);
  return join(dist, "assets", found[0]);
}

const text = (file) => readFileSync(file, "utf8");

/** Nothing in a script may look like its end, or like the beginning of a comment. */
const inScript = (code) => code.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");

const hash = (code) => `'sha256-${createHash("sha256").update(code).digest("base64")}'`;

/** The page with all it needs inside. Its policy lets only these scripts and styles run, and nothing be fetched. */
function singleFile() {
  const script = inScript(text(asset("index-", ".js")));
  const style = text(asset("index-", ".css")).replaceAll("</style", "<\\/style");
  const worker = inScript(text(asset("worker-", ".js")));
  const wasm = gzipSync(readFileSync(asset("castaway-", ".wasm")), { level: constants.Z_BEST_COMPRESSION });
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)} 'wasm-unsafe-eval' blob:`,
    "worker-src blob:",
    `style-src ${hash(style)}`,
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types castaway",
  ].join("; ");
  const head = text(join(dist, "index.html"))
    .replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, () => `<meta http-equiv="Content-Security-Policy" content="${policy}">`)
    .replace(/^.*<(script type="module"|link rel="(stylesheet|preload)").*\n/gm, "");
  const parts = [
    `<style>${style}</style>`,
    `<script type="text/plain" id="engine-worker">${worker}</script>`,
    `<script type="text/plain" id="engine-wasm">${wasm.toString("base64")}</script>`,
    `<script type="module">${script}</script>`,
  ];
  return head.replace("</body>", () => `${parts.join("\n")}\n</body>`);
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
// Servers compress by themselves, or are given the copies by whoever sets them up.
cpSync(dist, target, { recursive: true, filter: (file) => !file.endsWith(".br") });
writeFileSync(join(target, "castaway.html"), singleFile());
for (const name of readdirSync(target).sort()) {
  const size = statSync(join(target, name)).size;
  if (name.endsWith(".html")) console.log(`${join(target, name)}: ${Math.ceil(size / 1024)} KiB`);
}
