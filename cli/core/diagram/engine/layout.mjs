// Reads a graph of ELK as JSON from standard input, and writes it with places and routes.
import ELK from "elkjs/lib/elk.bundled.js";
import { text } from "node:stream/consumers";

const graph = JSON.parse(await text(process.stdin));
try {
  process.stdout.write(JSON.stringify(await new ELK().layout(graph)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
