import { createHash } from "node:crypto";
import type { Plugin } from "vite";

/** Tells the service worker what to keep, and makes its version of the contents. */
export function precache(): Plugin {
  return {
    name: "precache",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const sw = bundle["sw.js"];
      if (sw?.type !== "chunk") throw new Error("the build has no sw.js");
      const files = Object.keys(bundle)
        .filter((f) => f !== "sw.js" && f !== "index.html")
        .sort();
      const page = bundle["index.html"];
      const html = page?.type === "asset" ? page.source : "";
      // The other names are made of the contents already.
      const version = createHash("sha256").update(html).update(files.join()).digest("hex").slice(0, 12);
      sw.code = sw.code.replace("__PRECACHE__", JSON.stringify({ version, files }));
    },
  };
}

/** Lets the browser fetch engine and worker while it still reads the page's script. */
export function preloadEngine(): Plugin {
  return {
    name: "preload-engine",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle }) => {
        const wasm = Object.keys(bundle ?? {}).find((f) => f.endsWith(".wasm"));
        if (!wasm) throw new Error("the build has no engine");
        const attrs = {
          rel: "preload",
          href: `./${wasm}`,
          as: "fetch",
          type: "application/wasm",
          crossorigin: true,
        };
        return [{ tag: "link", attrs, injectTo: "head" as const }];
      },
    },
  };
}
