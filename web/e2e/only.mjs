// The tests of one file, and perhaps only those whose names contain a text: `node e2e/only.mjs time undo`.
import { runAll } from "./harness.mjs";

await import(`./${process.argv[2]}.mjs`);
await runAll(process.argv[3]);
