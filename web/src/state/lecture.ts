import { signal } from "@preact/signals";
import type { Keys } from "./keys";
import { togglePresenter } from "./theme";

/** Whether the screen is black, so that the audience looks at whoever speaks. */
export const blank = signal(false);

/** What a slide remote sends: pages, and B for a black screen. */
export const lecture: Keys = {
  title: "Lecture",
  keys: [
    {
      key: "Page Down",
      on: ["PageDown"],
      does: "to the next caption or mark",
      run: ({ player }) => void player.find("caption", 1),
    },
    {
      key: "Page Up",
      on: ["PageUp"],
      does: "to the caption or mark before",
      run: ({ player }) => void player.find("caption", -1),
    },
    {
      key: "B",
      on: ["b", "."],
      does: "a black screen, and back",
      run: () => {
        blank.value = !blank.value;
      },
    },
    { key: "P", on: ["p"], does: "presenter theme: large, one part at a time", run: togglePresenter },
  ],
};
