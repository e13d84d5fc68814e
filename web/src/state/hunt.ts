import { signal } from "@preact/signals";
import type { Engine } from "../engine/client";
import type { HuntState } from "../engine/types";

/** How long one slice of a search is to take, in milliseconds: often enough for a picture of its progress. */
const sliceTime = 250;

/** A search by the adversary, in an engine of its own beside the run that is shown. */
export class Hunt {
  readonly state = signal<HuntState | null>(null);
  readonly running = signal(false);
  /** Runs made in a second, of late. */
  readonly rate = signal(0);
  /** Whether something was found that nobody has looked at yet. */
  readonly news = signal(false);
  /** Why it ended without a finding; empty otherwise. */
  readonly problem = signal("");

  #engine: Engine | null = null;

  /** Searches until it has found and shrunk something, or is stopped. */
  async start(bug: string, newEngine: () => Engine): Promise<void> {
    this.stop();
    const engine = newEngine();
    this.#engine = engine;
    this.state.value = { bug, runs: 0, simulated: 0, features: 0, tries: 0, lines: 0, done: false };
    this.problem.value = "";
    this.news.value = false;
    this.rate.value = 0;
    this.running.value = true;
    try {
      await this.#search(engine, bug);
    } catch (error) {
      if (engine === this.#engine)
        this.problem.value = error instanceof Error ? error.message : String(error);
    }
    if (engine === this.#engine) this.stop();
  }

  /** Ends the search at once, whatever it is doing. */
  stop(): void {
    this.#engine?.stop();
    this.#engine = null;
    this.running.value = false;
  }

  async #search(engine: Engine, bug: string): Promise<void> {
    let slice = 4;
    while (engine === this.#engine) {
      const before = this.state.value;
      const began = performance.now();
      const { hunt, problem } = await engine.call({ kind: "hunt", text: bug, events: slice });
      const took = performance.now() - began;
      if (engine !== this.#engine) return;
      if (problem || !hunt) {
        this.problem.value = problem?.text ?? "the engine can't search";
        return;
      }
      this.state.value = hunt;
      if (hunt.done) {
        this.news.value = true;
        return;
      }
      this.#measure(hunt.runs + hunt.tries - (before?.runs ?? 0) - (before?.tries ?? 0), took);
      slice = Math.max(1, Math.min(1000, Math.round(slice * Math.min(2, Math.max(0.25, sliceTime / took)))));
    }
  }

  #measure(runs: number, took: number): void {
    const now = (runs * 1000) / Math.max(1, took);
    this.rate.value = this.rate.value === 0 ? now : this.rate.value * 0.8 + now * 0.2;
  }
}

/** The page's one search. */
export const hunt = new Hunt();
