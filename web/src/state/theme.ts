import { effect, signal } from "@preact/signals";

export type Theme = "auto" | "light" | "dark";

const key = "castaway.theme";
const presenterKey = "castaway.presenter";

/** What the person chose; auto follows the system. */
export const theme = signal<Theme>(storedTheme());

/** The presenter theme: larger, with more contrast, one part of the page at a time; light or dark as well. */
export const presenter = signal(read(presenterKey) === "on");

/** Whether one part of the page is shown at a time: on a phone and in a lecture hall. */
export const single = signal(false);

function storedTheme(): Theme {
  const value = read(key);
  return value === "light" || value === "dark" ? value : "auto";
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // storage may be forbidden
  }
}

function write(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // The choice holds for this visit only.
  }
}

/** The theme in force, auto resolved. */
export function resolved(): "light" | "dark" {
  if (theme.value !== "auto") return theme.value;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function toggleTheme(): void {
  theme.value = resolved() === "dark" ? "light" : "dark";
}

export function togglePresenter(): void {
  presenter.value = !presenter.value;
}

/** Keeps the document's attributes, from which all colours and sizes follow, and the choices. */
export function applyTheme(): void {
  const root = document.documentElement;
  const narrow = matchMedia("(max-width: 900px)");
  effect(() => {
    root.dataset.theme = theme.value;
    write(key, theme.value === "auto" ? null : theme.value);
  });
  effect(() => {
    root.toggleAttribute("data-presenter", presenter.value);
    write(presenterKey, presenter.value ? "on" : null);
    measure();
  });
  function measure(): void {
    single.value = narrow.matches || presenter.value;
    root.toggleAttribute("data-single", single.value);
    root.style.setProperty("--zoom", String(presenter.value ? magnified(innerWidth, innerHeight) : 1));
  }
  addEventListener("resize", measure);
}

/** Text of 14 pixels is of 24 at 1280 by 720, and grows with the screen. */
export function magnified(width: number, height: number): number {
  return Math.max(1, (24 / 14) * Math.min(width / 1280, height / 720));
}
