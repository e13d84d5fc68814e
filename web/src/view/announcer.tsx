import { useEffect, useRef, useState } from "preact/hooks";
import { narrate } from "../pure/story";
import type { Player } from "../state/player";

/** The live region is renewed at most this often, in milliseconds: nobody can listen faster. */
const rate = 2500;

/** Narrates the story to screen readers. */
export function Announcer({ player }: { player: Player }) {
  const [text, setText] = useState("");
  const told = useRef(0);
  useEffect(() => {
    const timer = setInterval(() => {
      const frame = player.frame.peek();
      if (!frame) return;
      const words = narrate(frame, Math.min(told.current, frame.time));
      told.current = frame.time;
      if (words !== "") setText(words);
    }, rate);
    return () => clearInterval(timer);
  }, [player]);
  return (
    <div class="unseen" aria-live="polite">
      {text}
    </div>
  );
}
