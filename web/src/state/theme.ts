import { effect, signal } from "@preact/signals";

export type Theme = "auto" | "light" | "dark";

const key = "castaway.theme";

/** What the person chose; auto follows the system. */
export const theme = signal<Theme>(stored());

function stored(): Theme {
  try {
    const value = localStorage.getItem(key);
    return value === "light" || value === "dark" ? value : "auto";
  } catch {
    return "auto"; // storage may be forbidden
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

/** Keeps the document's color-scheme, from which all colours follow, and the choice. */
export function applyTheme(): void {
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
    try {
      if (theme.value === "auto") localStorage.removeItem(key);
      else localStorage.setItem(key, theme.value);
    } catch {
      // The choice holds for this visit only.
    }
  });
}
