// Reads and writes the sections of a WebAssembly module, as far as the scripts beside this file need them.
// Source: WebAssembly Core Specification, "Binary Format".

export const IMPORTS = 2;
export const EXPORTS = 7;
export const CODE = 10;

const CUSTOM = 0;
const HEADER_BYTES = 8;

/** A position in `bytes` that moves on with each value read. */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  get isAtEnd() {
    return this.at >= this.bytes.length;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** An unsigned number of at most 32 bits (LEB128). */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  /** As many bytes as the number before them says. */
  block() {
    const length = this.number();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text() {
    return this.block().toString("utf8");
  }
}

/** The module as a list of sections, without the names of functions. */
export function readSections(module) {
  const reader = new Reader(module, HEADER_BYTES);
  const sections = [];
  while (!reader.isAtEnd) {
    const section = { id: reader.byte(), content: reader.block() };
    const isNames = section.id === CUSTOM && new Reader(section.content).text() === "name";
    if (!isNames) sections.push(section);
  }
  return sections;
}

export function writeSections(sections) {
  const header = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  return Buffer.concat([header, ...sections.flatMap(({ id, content }) => [Buffer.from([id]), block(content)])]);
}

/** The imports, each with its kind and what follows the kind. */
export function readImports(sections) {
  const section = sections.find(({ id }) => id === IMPORTS);
  if (!section) return [];
  const reader = new Reader(section.content);
  return Array.from({ length: reader.number() }, () => {
    const [module, name, start] = [reader.text(), reader.text(), reader.at];
    const kind = reader.byte();
    skipType(reader, kind);
    return { module, name, kind, type: section.content.subarray(start, reader.at) };
  });
}

function skipType(reader, kind) {
  const [FUNCTION, TABLE, MEMORY] = [0, 1, 2];
  if (kind === FUNCTION) {
    reader.number();
    return;
  }
  // A reference or value type; a memory has only limits.
  if (kind !== MEMORY) reader.byte();
  if (kind === TABLE || kind === MEMORY) {
    const hasMaximum = reader.byte() & 1;
    reader.number();
    if (hasMaximum) reader.number();
  } else {
    // Whether a global can change.
    reader.byte();
  }
}

export function number(value) {
  const bytes = [];
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0));
    value >>>= 7;
  } while (value > 0);
  return Buffer.from(bytes);
}

export function block(content) {
  return Buffer.concat([number(content.length), content]);
}

export function text(content) {
  return block(Buffer.from(content));
}

/** A section that gives names to functions, by their indices. */
export function nameSection(names) {
  const FUNCTION_NAMES = 1;
  const entries = [...names].map(([index, name]) => Buffer.concat([number(index), text(name)]));
  const map = Buffer.concat([number(entries.length), ...entries]);
  return { id: CUSTOM, content: Buffer.concat([text("name"), Buffer.from([FUNCTION_NAMES]), block(map)]) };
}
