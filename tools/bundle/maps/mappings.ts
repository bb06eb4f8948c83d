const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const valueOfCode = new Int8Array(128).fill(-1);
for (let value = 0; value < digits.length; value++) valueOfCode[digits.charCodeAt(value)] = value;

const comma = ','.charCodeAt(0);
const semicolon = ';'.charCodeAt(0);
/** A digit has five bits of a number. This bit says that more digits follow. */
const continuation = 32;

/**
 * The `mappings` of a source map (ECMA-426), reduced to some of its sources. A part of the code that comes from another source
 * becomes a segment without a source, so that no position in it is taken for one of a kept source. Names are left out.
 * @param newIndex the index of a source in the reduced map, by its index in the whole map; -1: left out
 */
export function keepSources(mappings: string, newIndex: Int32Array): string {
  const reader = new SegmentReader(mappings);
  const writer = new SegmentWriter();
  while (reader.next()) {
    if (reader.isNewLine) writer.newLine();
    else {
      const source = reader.hasSource ? (newIndex[reader.source] ?? -1) : -1;
      if (source === -1) writer.unmapped(reader.column);
      else writer.mapped(reader.column, source, reader.line, reader.sourceColumn);
    }
  }
  return writer.text();
}

/** Reads mappings segment by segment. Numbers are relative to the segment before. */
export class SegmentReader {
  isNewLine = false;
  hasSource = false;
  column = 0;
  source = 0;
  line = 0;
  sourceColumn = 0;
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Goes to the next segment or line. False at the end. */
  next(): boolean {
    if (this.#text.charCodeAt(this.#at) === comma) this.#at++;
    if (this.#at >= this.#text.length) return false;
    this.isNewLine = this.#text.charCodeAt(this.#at) === semicolon;
    if (this.isNewLine) {
      this.#at++;
      this.column = 0;
      return true;
    }
    this.column += this.#number();
    this.hasSource = !this.#isAtEndOfSegment();
    if (!this.hasSource) return true;
    this.source += this.#number();
    this.line += this.#number();
    this.sourceColumn += this.#number();
    while (!this.#isAtEndOfSegment()) this.#number(); // The index of a name.
    return true;
  }

  #isAtEndOfSegment(): boolean {
    const code = this.#text.charCodeAt(this.#at);
    return this.#at >= this.#text.length || code === comma || code === semicolon;
  }

  /** The lowest bit is the sign. */
  #number(): number {
    let bits = 0;
    for (let shift = 0; ; shift += 5) {
      const digit = valueOfCode[this.#text.charCodeAt(this.#at++)] ?? -1;
      if (digit === -1) throw new Error(`Not the mappings of a source map at character ${this.#at - 1}.`);
      bits |= (digit & (continuation - 1)) << shift;
      if ((digit & continuation) === 0) return bits & 1 ? -(bits >>> 1) : bits >>> 1;
    }
  }
}

class SegmentWriter {
  readonly #parts: string[] = [];
  #column = 0;
  #source = 0;
  #line = 0;
  #sourceColumn = 0;
  #isFirstInLine = true;
  #isMapped = false;

  newLine(): void {
    this.#parts.push(';');
    this.#column = 0;
    this.#isFirstInLine = true;
    this.#isMapped = false;
  }

  /** Only the first of several: nothing is mapped until the next segment with a source. */
  unmapped(column: number): void {
    if (!this.#isMapped) return;
    this.#begin(column);
    this.#isMapped = false;
  }

  mapped(column: number, source: number, line: number, sourceColumn: number): void {
    this.#begin(column);
    this.#parts.push(
      encoded(source - this.#source),
      encoded(line - this.#line),
      encoded(sourceColumn - this.#sourceColumn),
    );
    this.#source = source;
    this.#line = line;
    this.#sourceColumn = sourceColumn;
    this.#isMapped = true;
  }

  text(): string {
    return this.#parts.join('');
  }

  #begin(column: number): void {
    if (!this.#isFirstInLine) this.#parts.push(',');
    this.#isFirstInLine = false;
    this.#parts.push(encoded(column - this.#column));
    this.#column = column;
  }
}

function encoded(value: number): string {
  let bits = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = '';
  do {
    const rest = bits >>> 5;
    text += digits[(bits & (continuation - 1)) | (rest > 0 ? continuation : 0)];
    bits = rest;
  } while (bits > 0);
  return text;
}
