"use strict";
// Loaded into the jsii kernel with `node --require`, see modules/runtime/kernel.py. It changes how one file is loaded.
// What it buys, by `python -m benchmarks.bindings`, and how to remove it: modules/runtime/README.md.

const fs = require("fs");
const Module = require("module");
const path = require("path");

// The entry point of the AWS bindings requires one file per resource type, 2,212 of them, before the first is used.
// When its text is exactly such a list, it is replaced by getters that require a file when its types are first used.
// Any other text is loaded as it is.
const ENTRY_POINTS = ["@cdktf", "@cdktn"].map((scope) => path.join(scope, "provider-aws", "lib", "index.js"));
const EXPORT = /^exports\.([A-Za-z0-9_$]+) = require\("(\.\/[A-Za-z0-9._-]+)"\);$/;
// The rest of what the TypeScript compiler writes around the exports: nothing in it has an effect of its own.
const PREAMBLE = [
  /^"use strict";$/,
  /^Object\.defineProperty\(exports, "__esModule", \{ value: true \}\);$/,
  /^(?:exports\.[A-Za-z0-9_$]+ = )+void 0;$/,
  /^\s*$/,
];

/** The exported names and the files they come from, or undefined when the text is anything but a list of exports. */
function exportsOf(text) {
  const files = new Map();
  for (const line of text.replace(/\/\*[\s\S]*?\*\/|^\/\/.*$/gm, "").split("\n")) {
    const found = EXPORT.exec(line);
    if (found && !files.has(found[1])) files.set(found[1], found[2]);
    else if (!PREAMBLE.some((known) => known.test(line))) return undefined;
  }
  return files.size > 0 ? files : undefined;
}

function defineGetters(module, files) {
  Object.defineProperty(module.exports, "__esModule", { value: true });
  for (const [name, file] of files)
    Object.defineProperty(module.exports, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = module.require(file);
        Object.defineProperty(module.exports, name, { value, configurable: true, enumerable: true, writable: true });
        return value;
      },
    });
}

const loadAsItIs = Module._extensions[".js"];

Module._extensions[".js"] = function load(module, filename) {
  const isEntryPoint = ENTRY_POINTS.some((entryPoint) => filename.endsWith(entryPoint));
  const files = isEntryPoint ? exportsOf(fs.readFileSync(filename, "utf8")) : undefined;
  if (files !== undefined) return defineGetters(module, files);
  loadAsItIs(module, filename);
};
