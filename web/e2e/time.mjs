// Time: the playhead, the branches, the lanes, the verdict, bugs.
import { test } from "./harness.mjs";
