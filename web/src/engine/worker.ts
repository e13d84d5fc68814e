// The worker runs the engine: one call at a time, a command in, a frame out.
import "../../engine/wasm_exec.js";
import type { Report, Start } from "./protocol";

/** Go's support code, as wasm_exec.js defines it. */
interface Go {
  importObject: WebAssembly.Imports;
  run(instance: WebAssembly.Instance): Promise<void>;
}

const scope = globalThis as unknown as {
  Go: new () => Go;
  castaway?: (command: string) => string;
};

function report(message: Report): void {
  postMessage(message);
}

function dead(error: unknown): void {
  report({ kind: "dead", reason: error instanceof Error ? error.message : String(error) });
}

async function start({ module }: Start): Promise<void> {
  const go = new scope.Go();
  const instance = await WebAssembly.instantiate(module, go.importObject);
  go.run(instance).then(() => dead("the engine has ended"), dead);
  if (!scope.castaway) throw new Error("the engine does not offer its function");
  report({ kind: "ready" });
}

function call(command: string): void {
  if (!scope.castaway) throw new Error("the engine is not running");
  report({ kind: "frame", json: scope.castaway(command) });
}

addEventListener("message", ({ data }: MessageEvent<Start | string>) => {
  if (typeof data !== "string") {
    start(data).catch(dead);
    return;
  }
  try {
    call(data);
  } catch (error) {
    dead(error);
  }
});
