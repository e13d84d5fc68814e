import type { Frame, Line } from "../engine/types";

/** The lines of the story that came after a moment, for the live region. */
export function since(story: Line[], time: number): Line[] {
  return story.filter((line) => line.time > time);
}

/** What the live region says when so many lines came at once that nobody would listen to all. */
export function narrate(frame: Frame, after: number): string {
  const fresh = since(frame.story, after);
  if (fresh.length === 0) return "";
  const told = fresh.slice(-3).map((line) => line.text);
  const skipped = fresh.length - told.length;
  return [...(skipped > 0 ? [`${skipped} more events.`] : []), ...told].join(" ");
}
