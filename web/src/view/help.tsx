import { useEffect, useRef } from "preact/hooks";
import { keys } from "../state/keys";
import type { Player } from "../state/player";
import { tour } from "../state/tour";

export interface HelpProps {
  open: boolean;
  player: Player;
  onClose: () => void;
}

/** The keys, and how to take hold of things. */
export function Help({ open, player, onClose }: HelpProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog class="help" ref={dialog} aria-labelledby="help-title" onClose={onClose}>
      <h2 id="help-title">Keys</h2>
      <div class="key-tables">
        {keys.map(({ title, keys }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <dl>
              {keys
                .filter((k) => k.key !== "")
                .map(({ key, does }) => (
                  <div key={key}>
                    <dt>
                      <kbd>{key}</kbd>
                    </dt>
                    <dd>{does}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p>
        Press a member (or Tab to it, then Enter) to crash, restart or cut it off; press a link to cut it.
        Drag the playhead to go back in time. What you do in the past starts a new future from there.
      </p>
      <p>Everything runs in this page. No account, no cookies, nothing leaves your machine.</p>
      <form method="dialog">
        <div class="doors">
          <button type="submit" class="primary">
            Close
          </button>
          <button type="submit" onClick={() => void tour.start(player)}>
            Show the first minute again
          </button>
        </div>
      </form>
    </dialog>
  );
}
