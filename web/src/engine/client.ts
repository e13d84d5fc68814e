import { startWorker } from "./load";
import type { Report, Start } from "./protocol";
import type { Command, Frame } from "./types";

/** Whoever answers commands with frames; one that can't goes on refusing with the same reason. */
export interface Engine {
  call(command: Command): Promise<Frame>;
  stop(): void;
}

/** The real engine: wasm in a worker. Frames come as the engine gave them, not yet merged. */
export class WorkerEngine implements Engine {
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  readonly #waiting: { resolve: (frame: Frame) => void; reject: (error: Error) => void }[] = [];
  #started: () => void = () => {};
  #failed: (error: Error) => void = () => {};
  #dead: Error | null = null;

  constructor(module: Promise<WebAssembly.Module>) {
    this.#ready = new Promise((resolve, reject) => {
      this.#started = resolve;
      this.#failed = reject;
    });
    this.#ready.catch(() => {}); // whoever calls hears of it
    this.#worker = startWorker();
    this.#worker.onmessage = (event: MessageEvent<Report>) => this.#hear(event.data);
    this.#worker.onerror = (event) => this.#die(event.message || "its worker could not be started");
    module.then(
      (m) => this.#worker.postMessage({ module: m } satisfies Start),
      (error: unknown) => this.#die(error instanceof Error ? error.message : String(error)),
    );
  }

  async call(command: Command): Promise<Frame> {
    await this.#ready;
    if (this.#dead) throw this.#dead;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(JSON.stringify(command));
    });
  }

  stop(): void {
    this.#die("it was stopped");
  }

  #hear(report: Report): void {
    switch (report.kind) {
      case "ready":
        this.#started();
        return;
      case "frame":
        this.#answer(report.json);
        return;
      case "dead":
        this.#die(report.reason);
        return;
    }
  }

  #answer(json: string): void {
    const asked = this.#waiting.shift();
    try {
      asked?.resolve(JSON.parse(json) as Frame);
    } catch {
      asked?.reject(new Error("its answer can't be read"));
    }
  }

  #die(reason: string): void {
    if (this.#dead) return;
    this.#dead = new Error(reason);
    this.#worker.terminate();
    this.#failed(this.#dead);
    for (const asked of this.#waiting.splice(0)) asked.reject(this.#dead);
  }
}
