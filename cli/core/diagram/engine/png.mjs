// Reads an SVG from standard input, and writes it as PNG, twice as large or as large as it can be, with fonts that are the
// same on any machine.
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { buffer } from "node:stream/consumers";

const require = createRequire(import.meta.url);
await initWasm(await readFile(require.resolve("@resvg/resvg-wasm/index_bg.wasm")));
const svg = (await buffer(process.stdin)).toString();
const fonts = ["dejavu-fonts-ttf/ttf/DejaVuSans.ttf", "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"];
// Of scripts that DejaVu lacks, such as those of China, Japan, Korea and India, whose font takes time to read.
if (/[\u0700-\u1dff\u2e80-\uffff]/.test(svg)) fonts.push("@fontsource/unifontex/files/unifontex-latin-400-normal.woff2");
const fontBuffers = await Promise.all(fonts.map((font) => readFile(require.resolve(font))));
const [width, height] = svg.match(/ width="([\d.]+)" height="([\d.]+)"/).slice(1).map(Number);
const MOST = 1e8; // pixels, of which WebAssembly can hold four bytes each
const picture = new Resvg(svg, {
  fitTo: { mode: "zoom", value: Math.min(2, Math.sqrt(MOST / (width * height))) },
  font: { fontBuffers, defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" },
});
process.stdout.write(picture.render().asPng());
