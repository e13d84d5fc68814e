import { computed, effect, signal } from "@preact/signals";
import type { Frame } from "../engine/types";
import { type Stop, stops, story } from "../pure/tour";
import { close } from "./overlay";
import type { Player } from "./player";
import { ready } from "./ready";
import { chosen, scenarios } from "./scenarios";
import { consoleMember, mainTab, pane } from "./view";

const key = "castaway.toured";
const scenario = scenarios.find((s) => s.name === story.scenario);

/** Whether nobody has seen the first minute here. */
export function firstVisit(): boolean {
  try {
    return localStorage.getItem(key) === null;
  } catch {
    return false; // where nothing can be kept, it would come each time
  }
}

function remember(): void {
  try {
    localStorage.setItem(key, "yes");
  } catch {
    // It comes again next time.
  }
}

/** The first minute: it goes from stop to stop, and drives the player as a person would. */
export class Tour {
  /** Which stop it is at, -1 while there is no tour. */
  readonly at = signal(-1);
  readonly stop = computed<Stop | null>(() => stops[this.at.value] ?? null);

  #player: Player | null = null;
  #forget = () => {};
  /** Whether less motion is wished: then it does not play, but goes to where it would have stopped. */
  #still = false;

  /** Begins, whatever was there before. */
  async start(player: Player): Promise<void> {
    if (!scenario) return;
    this.end();
    remember();
    this.#player = player;
    this.#still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    close();
    mainTab.value = "cluster";
    consoleMember.value = 0;
    player.pause();
    if (await player.open(scenario.text)) return;
    chosen.value = scenario.name;
    await player.seek(story.begin);
    this.#forget = effect(() => this.#watch(player.frame.value));
    await this.#arrive(0);
  }

  /** What was asked for has been pressed: to the next stop, from where this one would have waited. */
  async next(): Promise<void> {
    const player = this.#player;
    const stop = this.stop.value;
    if (!player || !stop) return;
    if (stop.id === "swap") {
      sendDraft();
      return; // the answer that comes takes it on
    }
    await this.#proceed(player, stop);
  }

  /** Leaves it; the run stays as it is. */
  end(): void {
    this.#forget();
    this.#forget = () => {};
    if (this.#player) {
      this.#player.limit.value = Number.POSITIVE_INFINITY;
      consoleMember.value = 0;
    }
    this.#player = null;
    this.at.value = -1;
  }

  async #proceed(player: Player, stop: Stop): Promise<void> {
    player.pause();
    if (stop.id !== "swap" && player.frame.value?.time !== stop.until) await player.seek(stop.until);
    await this.#arrive(this.at.value + 1);
  }

  async #arrive(index: number): Promise<void> {
    const player = this.#player;
    const stop = stops[index];
    if (!player || !stop) return;
    this.at.value = index;
    player.limit.value = stop.until;
    pane.value = stop.pane;
    for (const command of stop.does(player.frame.value)) {
      await player.ask(command === "base" ? { kind: "edit", text: scenario?.text ?? "" } : command);
    }
    if (stop.id === "swap") offer();
    if (this.#player !== player) return;
    if (this.#still) {
      await player.seek(stop.until);
      return;
    }
    player.speed.value = stop.speed;
    player.hurry.value = false;
    player.play();
  }

  /** Whoever opens another scenario has left; whoever sends the command goes on. */
  #watch(frame: Frame | null): void {
    if (!frame) return;
    if (chosen.value !== scenario?.name) {
      this.end();
      return;
    }
    const stop = this.stop.peek();
    if (stop?.id === "swap" && frame.console.length > 0 && this.#player)
      void this.#proceed(this.#player, stop);
  }
}

/** Lays the transaction ready in the console, for Enter. */
function offer(): void {
  consoleMember.value = story.asks;
  ready.value = story.transaction;
}

function sendDraft(): void {
  const field = document.getElementById("command");
  if (field instanceof HTMLInputElement) field.form?.requestSubmit();
}

/** The page's one tour. */
export const tour = new Tour();
