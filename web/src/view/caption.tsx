import type { Frame } from "../engine/types";

/**
 * What the scenario says at the moment, in one sentence over the stage. A scenario
 * with marks keeps the place, so that the stage stands still when one comes.
 */
export function Caption({ frame }: { frame: Frame }) {
  const text = frame.caption ?? "";
  if (text === "" && (frame.lanes?.marks ?? []).length === 0) return null;
  return (
    <p class="caption" role="status">
      {text}
    </p>
  );
}
