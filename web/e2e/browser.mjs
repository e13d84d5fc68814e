// Starts what the tests need: the playground as people start it, and Debian's Chromium.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const binary = process.env.CASTAWAY ?? join(root, "bin", "castaway");

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Serves the playground on a free port, with a scenario file if there is one; resolves to its address and a function that ends it. */
export function servePlayground(file) {
  return new Promise((resolve, reject) => {
    const server = spawn(binary, ["play", "--port", "0", "--no-open", ...(file ? [file] : [])], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    const hear = (data) => {
      said += data;
      const found = /castaway: playground at (http:\/\/\S+)/.exec(said);
      if (found) resolve({ url: found[1], stop: () => server.kill() });
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.on("error", (error) =>
      reject(new Error(`${binary} can't be started: ${error.message}; run make build first`)),
    );
    server.on("exit", (code, signal) => {
      const error = new Error(`castaway play ended, ${signal ?? `status ${code}`}: ${said}`);
      if (!server.killed) console.error(error.message);
      reject(error);
    });
  });
}

/** Draws every picture whole and in the same order, so that equal pages give equal pixels. */
const exactly = [
  "--disable-partial-raster",
  "--disable-lcd-text",
  "--num-raster-threads=1",
  "--disable-skia-runtime-opts",
];

/** Debian's Chromium, with an empty profile; exact for pictures that are to be the same each time. */
export function startBrowser({ exact = false } = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: exact ? [...flags, ...exactly] : flags,
  });
}
