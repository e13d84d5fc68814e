import { signal } from "@preact/signals";
import type { Engine } from "../engine/client";
import { merge } from "../engine/merge";
import type { Command, Frame, Look, Problem } from "../engine/types";
import { advance } from "../pure/pace";
import { defaultSpeed } from "../pure/time";

/** A command on its way, and who wants to know how it ended. */
interface Order {
  command: Command;
  done: (problem: Problem | undefined) => void;
}

/**
 * The playhead: it gives commands to the engine, one at a time, and keeps the
 * last frame. While playing, every tick moves time on, unless a command is
 * still under way.
 */
export class Player {
  readonly frame = signal<Frame | null>(null);
  readonly playing = signal(false);
  readonly speed = signal(defaultSpeed);
  /** Let quiet time pass faster. */
  readonly hurry = signal(true);
  /** Why the engine is no more; empty while it lives. */
  readonly dead = signal("");

  readonly #newEngine: () => Engine;
  #engine: Engine;
  #orders: Order[] = [];
  #busy = false;
  #lastScenario = "";

  constructor(newEngine: () => Engine) {
    this.#newEngine = newEngine;
    this.#engine = newEngine();
  }

  /** Starts a scenario from its beginning; says why it could not, and then keeps the one before. */
  async open(text: string): Promise<Problem | undefined> {
    if (this.dead.value !== "") this.#revive();
    const problem = await this.#order({ kind: "open", text });
    if (!problem) this.#lastScenario = text;
    return problem;
  }

  /** Starts a new engine after one that died, with the last scenario from its beginning. */
  restart(): Promise<Problem | undefined> {
    return this.open(this.#lastScenario);
  }

  /** Does something to the cluster now, in the words of a scenario. */
  act(text: string): Promise<Problem | undefined> {
    return this.#order({ kind: "act", text });
  }

  /** Moves the playhead; of several seeks that wait only the last one counts. */
  seek(time: number): Promise<Problem | undefined> {
    this.#orders = this.#orders.filter((o) => {
      const overtaken = o.command.kind === "seek";
      if (overtaken) o.done(undefined);
      return !overtaken;
    });
    return this.#order({ kind: "seek", time: Math.max(0, Math.round(time)) });
  }

  /** Moves by single events and stays there. */
  step(events: number): Promise<Problem | undefined> {
    this.playing.value = false;
    return this.#order({ kind: "step", events });
  }

  /** Moves by a duration, back if negative, and stays there. */
  nudge(duration: number): Promise<Problem | undefined> {
    this.playing.value = false;
    if (duration > 0) return this.#order({ kind: "advance", time: duration });
    return this.seek((this.frame.value?.time ?? 0) + duration);
  }

  /** Says what frames show from now on; of several that wait only the last one counts. */
  look(look: Look): Promise<Problem | undefined> {
    this.#orders = this.#orders.filter((o) => {
      const overtaken = o.command.kind === "look";
      if (overtaken) o.done(undefined);
      return !overtaken;
    });
    return this.#order({ kind: "look", look });
  }

  play(): void {
    this.playing.value = true;
  }

  pause(): void {
    this.playing.value = false;
  }

  toggle(): void {
    this.playing.value = !this.playing.value;
  }

  /** A moment of real time has passed, in milliseconds. */
  tick(milliseconds: number): void {
    const frame = this.frame.value;
    if (!frame || !this.playing.value || this.#busy || this.dead.value !== "") return;
    const time = advance(frame, milliseconds, this.speed.value, this.hurry.value);
    if (time > 0) void this.#order({ kind: "advance", time });
  }

  #order(command: Command): Promise<Problem | undefined> {
    return new Promise((done) => {
      this.#orders.push({ command, done });
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let order = this.#orders.shift(); order; order = this.#orders.shift()) {
      order.done(await this.#run(order.command));
    }
    this.#busy = false;
  }

  async #run(command: Command): Promise<Problem | undefined> {
    const engine = this.#engine;
    try {
      const frame = merge(this.frame.value, await engine.call(command));
      if (frame.problem) this.#refused(command, frame.problem);
      // A scenario that could not be read leaves nothing to show.
      if (frame.members.length > 0) this.frame.value = frame;
      return frame.problem;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (engine === this.#engine) this.#died(reason);
      return { line: 0, column: 0, text: reason };
    }
  }

  #refused(command: Command, problem: Problem): void {
    if (command.kind === "advance") this.playing.value = false;
    if (!this.frame.value) this.#died(problem.text);
  }

  #died(reason: string): void {
    this.playing.value = false;
    this.dead.value = reason;
  }

  #revive(): void {
    this.#engine.stop();
    this.#engine = this.#newEngine();
    this.dead.value = "";
  }
}
