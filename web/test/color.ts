import { readFileSync } from "node:fs";

export type Theme = "light" | "dark" | "presenter light" | "presenter dark";

/** The colours of a theme by name, read from the page's style sheet. */
export function tokens(theme: Theme): Map<string, string> {
  const css = readFileSync(new URL("../src/style/tokens.css", import.meta.url), "utf8");
  const [common = "", presenter = ""] = css.split(":root[data-presenter]");
  const blocks = theme.startsWith("presenter") ? [common, presenter] : [common];
  return new Map(
    blocks
      .flatMap((block) => [...block.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)])
      .map(([, name, light, dark]) => [name ?? "", (theme.endsWith("light") ? light : dark) ?? ""]),
  );
}

/** The contrast of two colours by WCAG 2.2, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) =>
    linear(Number.parseInt(color.slice(i, i + 2), 16) / 255),
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function linear(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
