import { SourceMap } from 'node:module';
import type { SourceMapJson } from './source-map.ts';

/** A place in a source. Line and column begin at 1. */
export interface OriginalPlace {
  /** As the map names it, after its `sourceRoot`. */
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

/** Finds the place in a source from which a place in a bundle was made. */
export class OriginalPlaces {
  readonly #map: SourceMap;

  constructor({ version, sourceRoot = '', sources, mappings }: SourceMapJson) {
    this.#map = new SourceMap({
      file: '',
      version,
      // Node's class does not read `sourceRoot`.
      sources: sources.map((source) => sourceRoot + source),
      sourcesContent: [],
      names: [],
      mappings,
      sourceRoot: '',
    });
  }

  /** `line` and `column` begin at 1. Undefined: the map has no source for it. */
  placeOf(line: number, column: number): OriginalPlace | undefined {
    const entry = this.#map.findEntry(line - 1, column - 1);
    if (!('originalSource' in entry) || entry.originalSource === undefined) return undefined;
    // In a line without mappings, Node finds the last one before it.
    if (entry.generatedLine !== line - 1) return undefined;
    return {
      source: entry.originalSource,
      line: entry.originalLine + 1,
      column: entry.originalColumn + 1,
    };
  }
}
