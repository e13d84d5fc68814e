/** How many hues the terms share; they repeat, which is why every entry also shows its term's number. */
export const hues = 6;

/** The CSS class that carries a term's hue, the same wherever the term is shown. */
export function termClass(term: number): string {
  return `t${term % hues}`;
}
