import type { ComponentChildren } from "preact";
import type { Member, Message } from "../engine/types";
import { termClass } from "../pure/term";
import { Glyph, rareSigns, type Sign, usualSigns } from "./glyph";
import { MemberShape } from "./member";
import { memo } from "./memo";

interface LegendProps {
  members: Member[];
  messages: Message[];
  /** Show also the signs that are rare. */
  all: boolean;
}

/** What the shapes mean, and which hue is which term. */
export function Legend({ members, messages, all }: LegendProps) {
  const shown = members.flatMap((m) => m.log.map((e) => e.term)).concat(messages.map((m) => m.term));
  const terms = [...new Set(shown.filter((t) => t > 0))].sort((a, b) => a - b).slice(-6);
  return <Signs terms={terms.join(" ")} all={all} />;
}

const Signs = memo(({ terms: words, all }: { terms: string; all: boolean }) => {
  const terms = words === "" ? [] : words.split(" ").map(Number);
  return (
    <ul class={all ? "legend all-signs" : "legend"} aria-label="Legend">
      {usualSigns.map((sign) => (
        <SignItem key={sign.word} sign={sign} term={terms.at(-1) ?? 1} />
      ))}
      <Mark word="time-out running">
        <circle class="timer-track" r="7" />
        <circle class="timer legend-timer" r="7" stroke-dasharray="28 44" transform="rotate(-90)" />
      </Mark>
      {terms.length > 0 && (
        <li>
          term
          {terms.map((term) => (
            <span key={term} class={`term-chip ${termClass(term)}`}>
              {term}
            </span>
          ))}
        </li>
      )}
      {all && (
        <>
          {rareSigns.map((sign) => (
            <SignItem key={sign.word} sign={sign} term={terms.at(-1) ?? 1} />
          ))}
          <EntryMarks />
          <MemberMarks />
        </>
      )}
    </ul>
  );
});

function SignItem({ sign: { word, drawn }, term }: { sign: Sign; term: number }) {
  return (
    <Mark word={word}>
      <Glyph message={{ ...drawn, term }} />
    </Mark>
  );
}

function Mark({ word, children }: { word: string; children: ComponentChildren }) {
  return (
    <li>
      <svg width="28" height="24" viewBox="-14 -12 28 24" aria-hidden="true">
        {children}
      </svg>
      {word}
    </li>
  );
}

function EntryMarks() {
  return (
    <>
      <Mark word="entry, not committed">
        <rect class="entry t1" x="-8" y="-8" width="16" height="15" rx="3" />
      </Mark>
      <Mark word="committed">
        <rect class="entry committed t1" x="-8" y="-8" width="16" height="15" rx="3" />
      </Mark>
      <Mark word="durable: on disk">
        <rect class="entry t1" x="-8" y="-9" width="16" height="15" rx="3" />
        <path class="durable" d="M-7 9H7" />
      </Mark>
      <Mark word="snapshot of all before">
        <path class="sheet" d="M-7-8H4L8-4V8H-7z" />
      </Mark>
    </>
  );
}

function MemberMarks() {
  return (
    <>
      {(["leader", "candidate", "pre-candidate", "follower", "down"] as const).map((role) => (
        <Mark key={role} word={role === "down" ? "crashed" : role}>
          <g class={role}>
            <MemberShape of={{ role, kind: "voter" }} radius={9} />
          </g>
        </Mark>
      ))}
      <Mark word="learner: has no vote">
        <g class="follower">
          <MemberShape of={{ role: "follower", kind: "learner" }} radius={9} />
        </g>
      </Mark>
      <Mark word="dead: can't start again">
        <g class="down">
          <MemberShape of={{ role: "down", kind: "voter", dead: "for good" }} radius={9} />
        </g>
      </Mark>
    </>
  );
}
