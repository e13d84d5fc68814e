import type { RefObject } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Completion } from "../engine/types";
import type { Player } from "../state/player";

export interface CommandLineProps {
  player: Player;
  input: RefObject<HTMLInputElement | null>;
  text: string;
  label: string;
  onText: (text: string) => void;
  onSend: () => void;
  /** What was sent before, oldest first. */
  history: readonly string[];
}

/** A line for etcdctl's commands: it offers how to go on, and brings back what was sent. */
export function CommandLine({ player, input, text, label, onText, onSend, history }: CommandLineProps) {
  const { choices, active, ask, close, move } = useCompletions(player);
  const recall = useRecall(history, onText);
  const accept = (choice: Completion) => {
    onText(choice.text);
    ask(choice.text);
    input.current?.focus();
  };
  const send = () => {
    close();
    recall.reset();
    onSend();
  };
  const press = (event: KeyboardEvent) => {
    const chosen = choices[active];
    if (event.key === "Escape" && choices.length > 0) close();
    else if (event.key === "Tab" && !event.shiftKey && choices.length > 0) {
      accept(chosen ?? (choices[0] as Completion));
    } else if (event.key === "Enter" && chosen) accept(chosen);
    else if (event.key === "ArrowDown" && choices.length > 0) move(1);
    else if (event.key === "ArrowUp" && choices.length > 0 && active >= 0) move(-1);
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      close();
      recall.step(event.key === "ArrowUp" ? 1 : -1);
    } else return;
    event.preventDefault();
  };
  return (
    <form
      class="line"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="combo">
        <Choices choices={choices} active={active} onPick={accept} />
        <input
          ref={input}
          id="command"
          type="text"
          role="combobox"
          aria-label={label}
          aria-autocomplete="list"
          aria-expanded={choices.length > 0}
          aria-controls="completions"
          aria-activedescendant={active >= 0 ? `completion-${active}` : undefined}
          value={text}
          placeholder="put key value"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => {
            onText(event.currentTarget.value);
            ask(event.currentTarget.value);
          }}
          onBlur={close}
          onKeyDown={press}
        />
      </div>
      <button type="submit" class="primary">
        Send
      </button>
    </form>
  );
}

interface ChoicesProps {
  choices: readonly Completion[];
  active: number;
  onPick: (choice: Completion) => void;
}

function Choices({ choices, active, onPick }: ChoicesProps) {
  return (
    // The line keeps the focus, and names the option that is active.
    <div
      id="completions"
      role="listbox"
      aria-label="How to go on"
      tabIndex={-1}
      hidden={choices.length === 0}
    >
      {choices.map((choice, i) => (
        <div
          key={choice.text}
          id={`completion-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === active}
          ref={(element) => {
            if (i === active) element?.scrollIntoView({ block: "nearest" });
          }}
          onPointerDown={(event) => {
            event.preventDefault();
            onPick(choice);
          }}
        >
          <b>{choice.word}</b> <span>{choice.hint}</span>
        </div>
      ))}
    </div>
  );
}

/** The engine's word on how a line may go on; an answer that comes late is not shown. */
function useCompletions(player: Player) {
  const [choices, setChoices] = useState<readonly Completion[]>([]);
  const [active, setActive] = useState(-1);
  const asked = useRef(0);
  const show = (list: readonly Completion[]) => {
    setChoices(list);
    setActive(-1);
  };
  const ask = async (text: string) => {
    const now = ++asked.current;
    if (text.trim() === "") {
      show([]);
      return;
    }
    const { frame } = await player.ask({ kind: "complete", text });
    if (now === asked.current) show(frame?.completions ?? []);
  };
  return {
    choices,
    active,
    ask: (text: string) => void ask(text),
    close: () => {
      asked.current++;
      show([]);
    },
    /** Through the options and the line itself, round and round. */
    move: (by: number) => {
      const places = choices.length + 1;
      setActive(((active + 1 + by + places) % places) - 1);
    },
  };
}

/** Up and down in the line bring back what was sent before, as in a shell. */
function useRecall(history: readonly string[], show: (text: string) => void) {
  const back = useRef(0);
  return {
    reset: () => {
      back.current = 0;
    },
    step: (by: 1 | -1) => {
      back.current = Math.min(history.length, Math.max(0, back.current + by));
      show(history[history.length - back.current] ?? "");
    },
  };
}
