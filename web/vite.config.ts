import { defineConfig } from "vite";
import { compressedCopies } from "./build/compress.ts";
import { precache, preloadEngine } from "./build/offline.ts";
import { contentSecurityPolicy } from "./build/policy.ts";

export default defineConfig({
  // Relative, so that the built page works from any folder.
  base: "./",
  plugins: [contentSecurityPolicy(), preloadEngine(), precache(), compressedCopies()],
  build: {
    target: "es2023",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: "index.html", sw: "src/sw.ts" },
      output: { entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js") },
    },
  },
  worker: { format: "es" },
  server: { fs: { allow: [".."] } },
});
