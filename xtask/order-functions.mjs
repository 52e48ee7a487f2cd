// Renames the functions of FILE so that sorting by name places similar functions side by side, which brotli
// compresses better. `wasm-opt --reorder-functions-by-name` sorts them.
import { readFileSync, writeFileSync } from "node:fs";
import { CODE, nameSection, Reader, readImports, readSections, writeSections } from "./wasm-sections.mjs";

/** Minimum length of a common byte sequence of two similar functions. */
const RUN_BYTES = 4;
/** Maximum number of functions with a sequence; more common sequences do not indicate similarity. */
const MAX_FUNCTIONS_WITH_RUN = 1_000;

const file = process.argv[2];
const sections = readSections(readFileSync(file));
const imported = readImports(sections).filter(({ kind }) => kind === 0).length;
const names = order(bodies(sections)).map((body, place) => [imported + body, String(place).padStart(6, "0")]);
writeFileSync(file, writeSections([...sections, nameSection(names.sort(([one], [other]) => one - other))]));

function bodies(sections) {
  const code = sections.find(({ id }) => id === CODE);
  if (!code) return [];
  const reader = new Reader(code.content);
  return Array.from({ length: reader.number() }, () => reader.block());
}

/** Returns the indices of `bodies`: first the largest, then always the one most similar to the previous. */
function order(bodies) {
  const runs = bodies.map(runsOf);
  const functionsWith = new Map();
  runs.forEach((set, index) => {
    for (const run of set) {
      if (!functionsWith.has(run)) functionsWith.set(run, []);
      functionsWith.get(run).push(index);
    }
  });
  const rest = new Set(bodies.map((_, index) => index).sort((one, other) => runs[other].size - runs[one].size));
  const ordered = [];
  let next = first(rest);
  while (next !== undefined) {
    rest.delete(next);
    ordered.push(next);
    next = mostSimilar(next, runs, functionsWith, rest) ?? first(rest);
  }
  return ordered;
}

function runsOf(body) {
  const runs = new Set();
  for (let at = 0; at + RUN_BYTES <= body.length; at++) runs.add(body.readUInt32LE(at));
  return runs;
}

/**
 * Returns the element of `rest` with the largest Jaccard index of common sequences; `undefined` if none has a
 * common sequence.
 */
function mostSimilar(index, runs, functionsWith, rest) {
  const common = new Map();
  for (const run of runs[index]) {
    const others = functionsWith.get(run);
    if (others.length > MAX_FUNCTIONS_WITH_RUN) continue;
    for (const other of others) {
      if (rest.has(other)) common.set(other, (common.get(other) ?? 0) + 1);
    }
  }
  let [best, bestShare] = [undefined, 0];
  for (const [other, count] of common) {
    // The addend keeps tiny functions, which share their few sequences with many others, from interrupting chains
    // of larger ones.
    const share = count / (runs[index].size + runs[other].size - count + 8);
    if (share > bestShare) [best, bestShare] = [other, share];
  }
  return best;
}

function first(set) {
  return set.values().next().value;
}
