// What page and worker say to each other around the engine's own words.

/** To the worker: first Start, then commands as JSON, one at a time. */
export interface Start {
  module: WebAssembly.Module;
}

/** From the worker: the answer to the command before it, or the engine's end. */
export type Report = { kind: "ready" } | { kind: "frame"; json: string } | { kind: "dead"; reason: string };
