import type { Frame } from "../engine/types";

/**
 * What the scenario says at the moment, in one sentence over the stage, or the name of the
 * last mark. A scenario with marks keeps the place, so that the stage stands still when one comes.
 */
export function Caption({ frame }: { frame: Frame }) {
  const marks = frame.lanes?.marks ?? [];
  const text = frame.caption || (marks.findLast((m) => m.time <= frame.time)?.text ?? "");
  if (text === "" && marks.length === 0) return null;
  return (
    <p class="caption" role="status">
      {text}
    </p>
  );
}
