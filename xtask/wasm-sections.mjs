// Reads and writes the sections of a WebAssembly module that the scripts in this folder need. Source: WebAssembly
// Core Specification, "Binary Format".

export const IMPORTS = 2;
export const EXPORTS = 7;
export const CODE = 10;

const CUSTOM = 0;
const HEADER_BYTES = 8;

/** A reader with a position in `bytes`. */
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

  /** Reads an unsigned integer of at most 32 bits (LEB128). */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  /** Reads a length and that number of bytes. */
  block() {
    const length = this.number();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text() {
    return this.block().toString("utf8");
  }
}

/** Returns the sections of the module, without the section of function names. */
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

/** Returns the imports, each with its kind and the data after the kind. */
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
    // Whether the global is mutable.
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

/** Returns a section with names of functions by index. */
export function nameSection(names) {
  const FUNCTION_NAMES = 1;
  const entries = [...names].map(([index, name]) => Buffer.concat([number(index), text(name)]));
  const map = Buffer.concat([number(entries.length), ...entries]);
  return { id: CUSTOM, content: Buffer.concat([text("name"), Buffer.from([FUNCTION_NAMES]), block(map)]) };
}
