// Reads an SVG from standard input, and writes it as PNG, twice as large, with fonts that are the same on any machine.
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { buffer } from "node:stream/consumers";

const require = createRequire(import.meta.url);
await initWasm(await readFile(require.resolve("@resvg/resvg-wasm/index_bg.wasm")));
const fonts = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];
const fontBuffers = await Promise.all(fonts.map((font) => readFile(require.resolve(`dejavu-fonts-ttf/ttf/${font}`))));
const picture = new Resvg((await buffer(process.stdin)).toString(), {
  fitTo: { mode: "zoom", value: 2 },
  font: { fontBuffers, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" },
});
process.stdout.write(picture.render().asPng());
