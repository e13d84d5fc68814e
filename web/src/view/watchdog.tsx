import { useEffect, useState } from "preact/hooks";
import type { Player } from "../state/player";

/** How long an answer may take before the page asks what to do, in milliseconds. */
const patience = 5000;

/** Where the engine doesn't answer: the page lives on, and offers to stop it. */
export function Watchdog({ player }: { player: Player }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => {
      const since = player.waitsSince;
      setSlow(since !== null && performance.now() - since > patience);
    }, 500);
    return () => clearInterval(timer);
  }, [player]);
  if (!slow || player.dead.value !== "") return null;
  return (
    <div class="dead" role="alert">
      <p>The engine has not answered for some seconds. It may be busy with something large.</p>
      <button type="button" class="primary" onClick={() => player.stop("it was stopped")}>
        Stop it
      </button>
    </div>
  );
}
