// All tests of the page from end to end; an argument says which: a part of their names.
import { runAll } from "./harness.mjs";
import "./page.mjs";
import "./stage.mjs";
import "./shell.mjs";
import "./time.mjs";
import "./first-minute.mjs";

await runAll(process.argv[2]);
