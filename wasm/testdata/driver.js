// Runs the engine under Node as the page's worker does: a line in is a command,
// a line out its frame.
//
//   node driver.js wasm_exec.js castaway.wasm
const fs = require("node:fs");
const readline = require("node:readline");

const [glue, engine] = process.argv.slice(2);
require(glue);

const go = new Go();
WebAssembly.instantiate(fs.readFileSync(engine), go.importObject).then(({ instance }) => {
  go.run(instance);
  const lines = readline.createInterface({ input: process.stdin, terminal: false });
  lines.on("line", (line) => process.stdout.write(globalThis.castaway(line) + "\n"));
  lines.on("close", () => process.exit(0));
});
