// Runs the engine under Node: node drive.mjs WASM_EXEC ENGINE < commands > frames, one JSON text a line.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [support, engine] = process.argv.slice(2);
createRequire(import.meta.url)(support);
const go = new globalThis.Go();
const { instance } = await WebAssembly.instantiate(readFileSync(engine), go.importObject);
go.run(instance);
let frames = "";
for (const line of readFileSync(0, "utf8").split("\n")) {
  if (line !== "") frames += `${globalThis.castaway(line)}\n`;
}
process.stdout.write(frames, () => process.exit(0));
