import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Choice } from "../pure/choices";
import type { Point } from "../pure/geometry";

export interface MenuProps {
  label: string;
  head?: ComponentChildren;
  choices: Choice[];
  at: Point;
  onPick: (choice: Choice) => void;
  onClose: () => void;
}

/**
 * A small menu beside what was pressed. Arrows move within, right and left go
 * into further choices and back, a letter goes to what begins with it, Escape
 * and a press elsewhere close it.
 */
export function Menu({ label, head, choices, at, onPick, onClose }: MenuProps) {
  const box = useRef<HTMLDivElement>(null);
  // The way into the choices, by label, so that it stays while the frames go on.
  const [path, setPath] = useState<string[]>([]);
  const shown = follow(choices, path);
  const field = chosenAt(choices, path)?.field;
  const back = () => setPath(path.slice(0, -1));
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    place(element, at);
    const first = items(element)[path.length > 0 ? 1 : 0] ?? items(element)[0] ?? element;
    (element.querySelector("input") ?? first).focus();
  }, [path.join("/")]);
  useLayoutEffect(() => {
    const outside = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) onClose();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, []);
  const enter = (choice: Choice) => (choice.more ? setPath([...path, choice.label]) : onPick(choice));
  const onKey = (event: KeyboardEvent) => {
    const element = box.current;
    if (!element) return;
    const current =
      shown[items(element).indexOf(document.activeElement as HTMLElement) - (path.length > 0 ? 1 : 0)];
    if (event.key === "ArrowRight" && current?.more) enter(current);
    else if ((event.key === "ArrowLeft" || event.key === "Escape") && path.length > 0) back();
    else if (event.key === "Escape" || event.key === "Tab") onClose();
    else if (!moved(event.key, items(element))) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="menu" ref={box} tabIndex={-1}>
      {head}
      <div role="menu" tabIndex={-1} aria-label={[label, ...path].join(", ")} onKeyDown={onKey}>
        {path.length > 0 && (
          <button type="button" role="menuitem" tabIndex={-1} class="back" onClick={back}>
            ‹ {path.at(-1)}
          </button>
        )}
        {shown.map((choice, i) => (
          <Line
            key={choice.label}
            choice={choice}
            apart={choice.apart === true && i > 0}
            onPick={() => enter(choice)}
          />
        ))}
      </div>
      {field && <Field field={field} onBack={back} onPick={(act) => onPick({ label, act })} />}
    </div>
  );
}

function Line({ choice, apart, onPick }: { choice: Choice; apart: boolean; onPick: () => void }) {
  return (
    <>
      {apart && <hr />}
      <button
        type="button"
        role="menuitem"
        tabIndex={-1}
        aria-haspopup={choice.more ? "menu" : undefined}
        onClick={onPick}
      >
        {choice.label}
        {choice.more && <span class="more" aria-hidden="true" />}
      </button>
    </>
  );
}

interface FieldProps {
  field: NonNullable<Choice["field"]>;
  onBack: () => void;
  onPick: (act: string) => void;
}

/** A value of one's own. */
function Field({ field: { label, example, act }, onBack, onPick }: FieldProps) {
  const [value, setValue] = useState(example);
  return (
    <form
      class="menu-field"
      onSubmit={(event) => {
        event.preventDefault();
        if (value.trim() !== "") onPick(act(value.trim()));
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") onBack();
      }}
    >
      <label>
        {label}{" "}
        <input
          type="text"
          size={12}
          maxLength={40}
          autocomplete="off"
          spellcheck={false}
          value={value}
          onFocus={(event) => event.currentTarget.select()}
          onInput={(event) => setValue(event.currentTarget.value.replace(/[\n;#]/g, ""))}
        />
      </label>
      <button type="submit" class="primary">
        Do it
      </button>
    </form>
  );
}

/** The choice that a way leads to. */
function chosenAt(choices: Choice[], path: string[]): Choice | undefined {
  const within = follow(choices, path.slice(0, -1));
  return path.length > 0 ? within.find((c) => c.label === path.at(-1)) : undefined;
}

/** The choices at the end of a way; a way that is no more ends where it stopped. */
function follow(choices: Choice[], path: string[]): Choice[] {
  let shown = choices;
  for (const label of path) shown = shown.find((c) => c.label === label)?.more ?? shown;
  return shown;
}

/** Right below the spot, or as near as the stage allows; on a small screen the style sheet says where. */
function place(element: HTMLElement, at: Point): void {
  if (matchMedia("(max-width: 900px)").matches) return;
  const around = element.offsetParent;
  const x = Math.min(at.x + 12, (around?.clientWidth ?? 0) - element.offsetWidth - 4);
  const y = Math.min(at.y + 12, (around?.clientHeight ?? 0) - element.offsetHeight - 4);
  element.style.left = `${Math.max(4, x)}px`;
  element.style.top = `${Math.max(4, y)}px`;
}

function items(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
}

/** Moves the focus as a key asks; false if it asks for nothing. */
function moved(key: string, all: HTMLElement[]): boolean {
  const current = all.indexOf(document.activeElement as HTMLElement);
  const to = (i: number) => all[(i + all.length) % all.length]?.focus();
  const steps: Record<string, number> = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: -1 };
  const step = steps[key];
  if (step !== undefined) {
    to(step);
    return true;
  }
  if (!/^[a-z0-9]$/i.test(key)) return false;
  const after = [...all.slice(current + 1), ...all.slice(0, current + 1)];
  after.find((e) => e.textContent?.toLowerCase().startsWith(key.toLowerCase()))?.focus();
  return true;
}
