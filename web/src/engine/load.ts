import wasm from "../../engine/castaway.wasm?url";
import { ownScript } from "./trusted";
import worker from "./worker.ts?worker&url";

/** In castaway.html the engine and its worker stand in the page itself, for a file can't fetch. */
function inlined(id: string): string | null {
  return document.getElementById(id)?.textContent ?? null;
}

/** Whether the page is a single file. */
export function isSingleFile(): boolean {
  return document.getElementById("engine-wasm") !== null;
}

/**
 * Fetches and compiles the engine, while the page is still being drawn. The
 * compiled module is kept, so that a new worker starts at once.
 */
export async function compile(): Promise<WebAssembly.Module> {
  const packed = inlined("engine-wasm");
  if (packed !== null) return compileInlined(packed);
  const url = new URL(wasm, document.baseURI);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname} could not be fetched (status ${response.status})`);
  if (response.headers.get("Content-Type")?.startsWith("application/wasm")) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

/** Compiles what stands in the page: gzip in base64. */
function compileInlined(packed: string): Promise<WebAssembly.Module> {
  const text = atob(packed);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compileStreaming(
    new Response(stream, { headers: { "Content-Type": "application/wasm" } }),
  );
}

/** Starts the worker in which the engine runs. */
export function startWorker(): Worker {
  const code = inlined("engine-worker");
  if (code === null) return new Worker(ownScript(worker), { type: "module", name: "engine" });
  // A file has no origin, and browsers start no module worker there.
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  return new Worker(ownScript(url), { name: "engine" });
}
