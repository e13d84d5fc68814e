import type { Member, MemberKind } from "../engine/types";
import { millisecond, second } from "./time";

/** Something out of the ordinary about a member, in a word or two. */
export interface Badge {
  text: string;
  tone: "bad" | "odd" | "quiet";
}

const kinds: Record<MemberKind, string> = {
  voter: "",
  learner: "learner",
  joining: "joining",
  leaving: "leaving",
  outsider: "no member",
};

/** A clock this near to right is not worth a word, in nanoseconds and millionths. */
const offsetShown = 10 * millisecond;
const rateShown = 1000;

/** What a member's badges say, the gravest first. */
export function badges(m: Member): Badge[] {
  const list: Badge[] = [];
  const add = (text: string, tone: Badge["tone"]) => text !== "" && list.push({ text, tone });
  if (m.paused) add("paused", "bad");
  add(m.lost ? "lost data" : "", "bad");
  add(m.diskState ? `disk ${m.diskState}` : "", "bad");
  add(m.role === "follower" && m.kind === "learner" ? "" : kinds[m.kind], "odd");
  add(clockWords(m), "odd");
  return list;
}

function clockWords(m: Pick<Member, "clockOffset" | "clockRate">): string {
  if (Math.abs(m.clockRate) >= rateShown) return `clock ${rateWords(m.clockRate)}`;
  if (Math.abs(m.clockOffset) >= offsetShown) return `clock ${offsetWords(m.clockOffset)}`;
  return "";
}

/** "+500 ms", "−2.5 s". */
export function offsetWords(offset: number): string {
  const size = Math.abs(offset);
  const words = size < second ? `${Math.round(size / millisecond)} ms` : `${Math.round(size / 1e8) / 10} s`;
  return `${offset < 0 ? "−" : "+"}${words}`;
}

/** How fast a clock goes, "× 1.5": a clock that gains half a million millionths. */
export function rateWords(rate: number): string {
  return `× ${Math.round((1 + rate / 1e6) * 1000) / 1000}`;
}
