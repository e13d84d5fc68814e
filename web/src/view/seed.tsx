import { useEffect, useState } from "preact/hooks";
import type { Frame } from "../engine/types";
import { say } from "../state/notice";
import { sentence } from "../state/open";
import type { Player } from "../state/player";

/** The seed of all chance: another one is another run of the same scenario. */
export function Seed({ frame, player }: { frame: Frame; player: Player }) {
  const [text, setText] = useState(frame.seed);
  useEffect(() => setText(frame.seed), [frame.seed]);
  const apply = async () => {
    if (text === frame.seed) return;
    const problem = await player.edit(withSeed(frame.scenario ?? "", text));
    if (problem) {
      say(sentence(problem));
      setText(frame.seed);
    }
  };
  return (
    <label class="pill seed wide">
      seed{" "}
      <input
        type="text"
        inputMode="numeric"
        size={Math.max(3, text.length)}
        maxLength={20}
        value={text}
        onInput={(event) => setText(event.currentTarget.value.replace(/\D/g, ""))}
        onChange={() => void apply()}
      />
    </label>
  );
}

/** The scenario's text with another seed: in its line, or in a new one after the first statement. */
export function withSeed(scenario: string, seed: string): string {
  const line = `seed ${seed}`;
  if (/^seed\s.*$/m.test(scenario)) return scenario.replace(/^seed\s.*$/m, line);
  return scenario.replace(/^castaway\s.*$/m, (first) => `${first}\n${line}`);
}
