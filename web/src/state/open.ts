import type { Problem } from "../engine/types";
import { address } from "./address";
import { say } from "./notice";
import type { Player } from "./player";
import { chosen, scenarios } from "./scenarios";
import { unopened } from "./unopened";
import { mainTab, pane } from "./view";

/** A scenario is at most this long, in bytes; the engine refuses more, and reading it here would only take time. */
export const longest = 1 << 20;

/** Opens a scenario that comes with the page. */
export async function openBundled(player: Player, name: string): Promise<void> {
  const scenario = scenarios.find((s) => s.name === name);
  if (!scenario) return;
  chosen.value = name;
  unopened.value = null;
  leaveLink();
  await player.open(scenario.text);
}

/** Opens a text from outside. What can't be read is shown in the editor, with what is wrong. */
export async function openText(player: Player, text: string, from: string): Promise<boolean> {
  const problem = await player.open(text);
  if (problem) {
    unopened.value = { text, problem };
    mainTab.value = "scenario";
    pane.value = "main";
    say(`${from} can't be opened: ${sentence(problem)}`);
    return false;
  }
  chosen.value = "";
  unopened.value = null;
  if (!address.file) leaveLink();
  return true;
}

/** The address must not go on naming a run that is left. */
function leaveLink(): void {
  if (location.hash !== "") history.replaceState(null, "", location.href.replace(/#.*$/, ""));
}

/** Opens a file that was chosen or dropped; what is no text is refused before it is read as one. */
export async function openFile(player: Player, file: File): Promise<void> {
  const name = file.name === "" ? "The file" : file.name;
  if (file.size > longest) {
    say(`${name} is ${mebibytes(file.size)} long; a scenario has at most 1 MiB.`);
    return;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = decode(bytes);
  if (text === null) {
    say(`${name} is no text, so it is no scenario.`);
    return;
  }
  await openText(player, text, name);
}

/** UTF-8 without null bytes, or null. */
function decode(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

/** Opens a link; what is wrong with it is said, and the page keeps what it has. */
export async function openLink(player: Player, link: string): Promise<boolean> {
  const problem = await player.openLink(link);
  if (problem) {
    say(`The link can't be opened: ${sentence(problem)}`);
    return false;
  }
  chosen.value = "";
  unopened.value = null;
  return true;
}

/** A problem with the place it is at, if it is at one. */
export function sentence(problem: Problem): string {
  return `${place(problem)}${problem.text}`;
}

/** "line 3, column 7: " */
export function place({ line, column }: Problem): string {
  if (line < 1) return "";
  return column < 1 ? `line ${line}: ` : `line ${line}, column ${column}: `;
}

function mebibytes(size: number): string {
  return `${(size / (1 << 20)).toFixed(1)} MiB`;
}
