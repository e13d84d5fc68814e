import { signal } from "@preact/signals";

/** A scenario that comes with the page. */
export interface Scenario {
  name: string;
  title: string;
  text: string;
}

/** Scenarios of one topic. */
export interface Topic {
  title: string;
  scenarios: readonly Scenario[];
}

const runs = load(
  import.meta.glob<string>("../../../examples/*.scenario", { query: "?raw", import: "default", eager: true }),
);

const stories = load(
  import.meta.glob<string>("../../../examples/bugs/*.scenario", {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);

/** Which scenarios belong together, and in which order to look at them. */
const order: readonly [string, string][] = [
  ["Begin here", "cas-counter first-minute first-lesson calm compare-and-swap split-minority"],
  [
    "Elections and logs",
    "log-replication figure-7 figure-8 figure-8e leadership-transfer member-returns member-returns-paper election-aborts-request four-against-three",
  ],
  ["Members that stand still", "paused-leader stalled-minority standing-still"],
  [
    "The network",
    "flapping-link partial-partition partial-partition-paper ring rough-network messages-by-hand",
  ],
  ["Membership and snapshots", "members-replaced learner leader-removed snapshot-for-a-laggard"],
  [
    "Disks",
    "torn-write failed-fsync lost-fsync-survived lying-disk unreadable-sector wiped-disk slow-and-full-disks proven-loss",
  ],
  ["Reads and clocks", "reads stale-read older-than-the-clock lease-reads lease-reads-and-a-bad-clock"],
  ["Keys, leases and watches", "bank leases-by-hand watching watch-resumes"],
  ["Recipes", "election-recipe lock-with-fencing lock-without-fencing service-registration"],
  ["The laboratory", "all-events what-chance-decides planted-bug undecided"],
];

/** All bundled scenarios by topic; the stories of bugs come last. */
export const topics: readonly Topic[] = [
  ...order.map(([title, names]) => ({
    title,
    scenarios: names.split(" ").flatMap((name) => runs.find((s) => s.name === name) ?? []),
  })),
  {
    title: "More",
    scenarios: runs.filter((s) => !order.some(([, names]) => names.split(" ").includes(s.name))),
  },
  { title: "Bugs, and how they break it", scenarios: stories },
].filter((topic) => topic.scenarios.length > 0);

/** The bundled scenarios; a story of a bug is called "bugs/" and the bug. */
export const scenarios: readonly Scenario[] = topics.flatMap((topic) => topic.scenarios);

/** The one a first visit sees. */
export const first = scenarios.find((s) => s.name === "cas-counter") ?? scenarios[0];

/** Name of the scenario that was chosen; empty for a text of one's own. */
export const chosen = signal(first?.name ?? "");

/** The scenario that `castaway play FILE` serves beside the page; the address then ends in #file. */
export async function served(): Promise<string | null> {
  const response = await fetch(new URL("run.scenario", document.baseURI));
  return response.ok ? response.text() : null;
}

function load(files: Record<string, string>): Scenario[] {
  return Object.entries(files)
    .map(([path, text]) => {
      const name = path.replace(/^.*\/examples\//, "").replace(/\.scenario$/, "");
      return { name, title: title(name), text };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** "cas-counter" is "CAS counter". */
export function title(name: string): string {
  const words = name
    .replace(/^.*\//, "")
    .replaceAll("-", " ")
    .replace(/\bcas\b/g, "CAS");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
