import type { Branch } from "../engine/types";
import { clock } from "./time";

/** A branch with its place in the tree. */
export interface Twig {
  branch: Branch;
  /** How many branches it is away from the first. */
  depth: number;
  title: string;
}

/** The branches as a tree reads: each behind the one it came from, in the order of their numbers. */
export function tree(branches: readonly Branch[]): Twig[] {
  const ids = new Set(branches.map((b) => b.id));
  const children = (parent: number) => branches.filter((b) => b.parent === parent);
  const below = (branch: Branch, depth: number): Twig[] => [
    { branch, depth, title: title(branch) },
    ...children(branch.id).flatMap((b) => below(b, depth + 1)),
  ];
  // What came from a branch that was dropped stands at the root.
  return branches.filter((b) => b.parent < 0 || !ids.has(b.parent)).flatMap((b) => below(b, 0));
}

/** "main", "fork at 3.100 s: cut S1". */
export function title(branch: Branch): string {
  if (branch.parent < 0) return branch.label || "main";
  return branch.label ? `fork at ${clock(branch.at)}: ${branch.label}` : `fork at ${clock(branch.at)}`;
}
