import { useRef, useState } from "preact/hooks";
import type { Frame } from "../engine/types";
import { clock } from "../pure/time";
import { inSeconds } from "../state/address";
import { sentence } from "../state/open";
import type { Player } from "../state/player";
import { Dialog } from "./dialog";

/** A link to the run: all of it stands in the link, nothing is stored anywhere. */
export function Share({ frame, player }: { frame: Frame; player: Player }) {
  const [open, setOpen] = useState(false);
  const [link, setLink] = useState("");
  const [problem, setProblem] = useState("");
  const make = async () => {
    player.pause();
    setLink("");
    setProblem("");
    setOpen(true);
    const answer = await player.ask({ kind: "share" });
    if (answer.problem) setProblem(sentence(answer.problem));
    else setLink(answer.frame?.link ?? "");
  };
  return (
    <>
      <button type="button" id="share-button" class="pill" onClick={() => void make()}>
        Share
      </button>
      <Dialog open={open} title="Share this run" onClose={() => setOpen(false)}>
        {problem !== "" && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        {problem === "" && link === "" && <p>The engine runs it once more, to mark how it went …</p>}
        {link !== "" && <Link link={link} time={frame.time} />}
      </Dialog>
    </>
  );
}

/** The link, and what it is to show to whoever opens it. */
function Link({ link, time }: { link: string; time: number }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [here, setHere] = useState(false);
  const [hide, setHide] = useState(false);
  const [said, setSaid] = useState("");
  const whole = address(link, here ? time : null, hide);
  const copy = async () => setSaid(await copied(whole, field.current));
  return (
    <>
      <p>
        The link holds the whole run, what you did in it included. Whoever opens it sees the same, event for
        event.
      </p>
      <textarea
        ref={field}
        class="link"
        aria-label="Link"
        readOnly
        rows={4}
        value={whole}
        onFocus={(event) => event.currentTarget.select()}
      />
      <label class="check">
        <input type="checkbox" checked={here} onChange={(event) => setHere(event.currentTarget.checked)} />
        begin at {clock(time)}
      </label>
      <label class="check">
        <input type="checkbox" checked={hide} onChange={(event) => setHide(event.currentTarget.checked)} />
        don't show the text of the scenario
      </label>
      <p>
        <button type="button" class="primary" onClick={() => void copy()}>
          Copy
        </button>{" "}
        <span role="status">{said}</span>
      </p>
    </>
  );
}

/** The link as an address of this page. */
function address(link: string, at: number | null, hide: boolean): string {
  const { origin, pathname, protocol, href } = location;
  const page = protocol === "file:" ? href.replace(/[?#].*$/, "") : `${origin}${pathname}`;
  const fragment = link.replace(/^[^#]*/, "");
  return [
    `${page}${fragment}`,
    ...(at === null ? [] : [`at=${inSeconds(at)}`]),
    ...(hide ? ["hide=scenario"] : []),
  ].join("&");
}

/** Copies a text, or selects it for the person to copy where the browser doesn't let the page. */
async function copied(text: string, field: HTMLTextAreaElement | null): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    field?.focus();
    field?.select();
    return "The browser did not let the page copy it: press Ctrl C.";
  }
}
