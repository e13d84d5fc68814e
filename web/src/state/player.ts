import { signal } from "@preact/signals";
import type { Engine } from "../engine/client";
import { merge } from "../engine/merge";
import type { Command, Frame, Look, MarkKind, Problem } from "../engine/types";
import { advance, Stride } from "../pure/pace";
import { defaultSpeed, fastest } from "../pure/time";

/** A command on its way, and who wants to know how it ended. */
interface Order {
  command: Command;
  done: (answer: Answer) => void;
}

/** How a command ended: the frame as it is now, or why it could not be done. */
interface Answer {
  frame: Frame | null;
  problem: Problem | undefined;
}

/** How many events the engine simulates at most for one command. */
const searchBudget = 20_000;
/** How often it is asked to search on. */
const mostSearches = 40;

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
  /** A moment that playing does not pass, while something is to be seen first. */
  readonly limit = signal(Number.POSITIVE_INFINITY);
  /** How many frames came. */
  count = 0;
  /** Why the engine is no more; empty while it lives. */
  readonly dead = signal("");

  /** Starts one more engine, for what is not to disturb this one. */
  readonly newEngine: () => Engine;
  readonly #stride = new Stride();
  #engine: Engine;
  #orders: Order[] = [];
  #busy = false;
  #lastScenario = "";
  #look: Look | null = null;
  /** When the command under way was given. */
  #asked: number | null = null;
  /** Where playing is to end by itself; none if it goes on. */
  #until = Number.POSITIVE_INFINITY;

  constructor(newEngine: () => Engine) {
    this.newEngine = newEngine;
    this.#engine = newEngine();
  }

  /** Starts a scenario from its beginning; says why it could not, and then keeps the one before. */
  open(text: string): Promise<Problem | undefined> {
    return this.#begin({ kind: "open", text });
  }

  /** Starts the run of a link; the same holds. */
  openLink(text: string): Promise<Problem | undefined> {
    return this.#begin({ kind: "openLink", text });
  }

  async #begin(command: Command): Promise<Problem | undefined> {
    if (this.dead.value !== "") this.#revive();
    const { frame, problem } = await this.ask(command);
    if (problem) return problem;
    this.#lastScenario = (command.kind === "open" ? command.text : frame?.scenario) ?? "";
    // A new run shows what the one before it showed.
    if (this.#look) void this.look(this.#look);
    return undefined;
  }

  /** Replaces the text of the scenario, and stays at the playhead. */
  edit(text: string): Promise<Problem | undefined> {
    return this.#order({ kind: "edit", text });
  }

  /** Goes to a moment that was perhaps not yet simulated, in as many steps as that takes. */
  async arrive(time: number): Promise<void> {
    for (let before = -1, now = 0; now < time && now !== before; ) {
      before = now;
      const { frame, problem } = await this.ask({ kind: "seek", time });
      if (problem || !frame) return;
      now = frame.time;
    }
  }

  /** Starts a new engine after one that died, with the last scenario from its beginning. */
  restart(): Promise<Problem | undefined> {
    return this.open(this.#lastScenario);
  }

  /** Since when an answer is awaited, by the clock of performance.now; null if none is. */
  get waitsSince(): number | null {
    return this.#asked;
  }

  /** Ends the engine, for it doesn't answer. */
  stop(reason: string): void {
    this.#engine.stop();
    this.#died(reason);
  }

  /** Plants a bug, or none if the name is empty, and starts from the beginning. */
  plant(bug: string): Promise<Problem | undefined> {
    return this.#order({ kind: "plant", text: bug });
  }

  /** Does something to the cluster now, in the words of a scenario. */
  act(text: string): Promise<Problem | undefined> {
    return this.#order({ kind: "act", text });
  }

  undo(): Promise<Problem | undefined> {
    return this.#order({ kind: "undo" });
  }

  redo(): Promise<Problem | undefined> {
    return this.#order({ kind: "redo" });
  }

  /** Moves the playhead; of several seeks that wait only the last one counts. */
  seek(time: number): Promise<Problem | undefined> {
    this.#overtake("seek");
    return this.#order({ kind: "seek", time: Math.max(0, Math.round(time)) });
  }

  /** Moves by single events and stays there. */
  step(events: number): Promise<Problem | undefined> {
    this.pause();
    return this.#order({ kind: "step", events });
  }

  /** Moves by a duration, back if negative, and stays there. */
  nudge(duration: number): Promise<Problem | undefined> {
    this.pause();
    if (duration > 0) return this.#order({ kind: "advance", time: duration });
    return this.seek((this.frame.value?.time ?? 0) + duration);
  }

  /** Moves to the next mark of a kind, or the one before, and stays there. */
  async find(mark: MarkKind, direction: 1 | -1): Promise<Problem | undefined> {
    this.pause();
    for (let tries = 0; tries < mostSearches; tries++) {
      const before = this.frame.value?.events ?? 0;
      const problem = await this.#order({ kind: "find", mark, events: direction });
      const went = (this.frame.value?.events ?? 0) - before;
      // The engine bounds one command; a shorter way means that the mark was found.
      if (problem || went < searchBudget || this.playing.value || this.#orders.length > 0) return problem;
    }
    return undefined;
  }

  /** Moves to where the run first broke a promise, and stays there. */
  showViolation(): Promise<Problem | undefined> {
    this.pause();
    return this.#order({ kind: "showViolation" });
  }

  /** Goes to another branch of the run, at the same time. */
  switchTo(branch: number): Promise<Problem | undefined> {
    return this.#order({ kind: "switch", branch });
  }

  drop(branch: number): Promise<Problem | undefined> {
    return this.#order({ kind: "drop", branch });
  }

  /** Puts another branch beside the present one; -1 puts it away. */
  compare(branch: number): Promise<Problem | undefined> {
    return this.#order({ kind: "compare", branch });
  }

  /** Says what frames show from now on; of several that wait only the last one counts. */
  look(look: Look): Promise<Problem | undefined> {
    this.#look = look;
    this.#overtake("look");
    return this.#order({ kind: "look", look });
  }

  /** Gives any other command; the answer stands in the frame. */
  ask(command: Command): Promise<Answer> {
    return new Promise((done) => {
      this.#orders.push({ command, done });
      void this.#work();
    });
  }

  play(): void {
    this.#until = Number.POSITIVE_INFINITY;
    this.playing.value = true;
  }

  /** Plays up to a moment, and stays exactly there. */
  playTo(time: number): void {
    this.#until = time;
    this.playing.value = time > (this.frame.value?.time ?? 0);
  }

  pause(): void {
    this.playing.value = false;
  }

  toggle(): void {
    if (this.playing.value) this.pause();
    else this.play();
  }

  /** A moment of real time has passed, in milliseconds. */
  tick(milliseconds: number): void {
    const frame = this.frame.value;
    if (!frame || !this.playing.value || this.#busy || this.dead.value !== "") return;
    const left = Math.min(this.#until, this.limit.value) - frame.time;
    if (left <= 0) {
      this.pause();
      return;
    }
    const all = this.speed.value === fastest;
    const wanted = all
      ? this.#stride.length
      : advance(frame, milliseconds, this.speed.value, this.hurry.value);
    const time = Math.min(wanted, left);
    if (time > 0) void this.#advance(time, all);
  }

  /** Moves on; as fast as it goes, the next stride is as long as this one teaches. */
  async #advance(time: number, measured: boolean): Promise<void> {
    const began = performance.now();
    const problem = await this.#order({ kind: "advance", time });
    if (measured && !problem) this.#stride.learn(performance.now() - began);
  }

  /** Forgets the commands of a kind that still wait. */
  #overtake(kind: Command["kind"]): void {
    const overtaken = this.#orders.filter((o) => o.command.kind === kind);
    this.#orders = this.#orders.filter((o) => o.command.kind !== kind);
    for (const order of overtaken) order.done({ frame: this.frame.value, problem: undefined });
  }

  async #order(command: Command): Promise<Problem | undefined> {
    return (await this.ask(command)).problem;
  }

  async #work(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let order = this.#orders.shift(); order; order = this.#orders.shift()) {
      order.done(await this.#run(order.command));
    }
    this.#busy = false;
  }

  async #run(command: Command): Promise<Answer> {
    const engine = this.#engine;
    this.#asked = performance.now();
    try {
      const frame = merge(this.frame.value, await engine.call(command));
      this.count++;
      if (frame.problem) this.#refused(command, frame.problem);
      // A scenario that could not be read leaves nothing to show.
      if (frame.members.length > 0) this.frame.value = frame;
      return { frame, problem: frame.problem };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (engine === this.#engine) this.#died(reason);
      return { frame: null, problem: { line: 0, column: 0, text: reason } };
    } finally {
      this.#asked = null;
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
    this.#engine = this.newEngine();
    this.dead.value = "";
  }
}
