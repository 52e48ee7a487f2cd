// Gives the imports of the program WASM short names, there and in its JavaScript file JS, and minifies JS and
// OTHERS. wasm-bindgen names each import after the called function and a hash, which brotli cannot compress.
import { readFileSync, writeFileSync } from "node:fs";
import { transformSync } from "esbuild";
import { IMPORTS, number, readImports, readSections, text, writeSections } from "./wasm-sections.mjs";

/** The JavaScript object with the imports. */
const MODULE = "./hubbub_bg.js";
const SHORT_MODULE = "w";
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

const [wasm, js, ...others] = process.argv.slice(2);
const sections = readSections(readFileSync(wasm));
const imports = readImports(sections);
const shortNames = new Map();
for (const { module, name } of imports) {
  // Only names that cannot occur elsewhere in the JavaScript.
  if (module === MODULE && /^__wb.*_[0-9a-f]{16}$/.test(name)) shortNames.set(name, shortName(shortNames.size));
}
const entries = imports.map(({ module, name, type }) =>
  Buffer.concat([text(module === MODULE ? SHORT_MODULE : module), text(shortNames.get(name) ?? name), type]),
);
sections.find(({ id }) => id === IMPORTS).content = Buffer.concat([number(entries.length), ...entries]);
writeFileSync(wasm, writeSections(sections));

const glue = readFileSync(js, "utf8")
  .replaceAll(`"${MODULE}"`, `"${SHORT_MODULE}"`)
  .replace(/\b__wb\w+/g, (name) => shortNames.get(name) ?? name);
writeFileSync(js, glue);
for (const file of [js, ...others]) {
  const { code } = transformSync(readFileSync(file, "utf8"), { format: "esm", minify: true, target: "es2022" });
  writeFileSync(file, code);
}

function shortName(number) {
  const last = LETTERS[number % LETTERS.length];
  return number < LETTERS.length ? last : shortName(Math.floor(number / LETTERS.length) - 1) + last;
}
