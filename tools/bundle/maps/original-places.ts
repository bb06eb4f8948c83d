import { SourceMap } from 'node:module';
import { resolve } from 'node:path';
import { ownSources, type SourceMapJson } from './source-map.ts';

/** Finds the place in the project's sources from which a place in a bundle was made. */
export class OriginalPlaces {
  readonly #map: SourceMap;
  readonly #folder: string;

  /** @param folder the sources of the map are relative to it, after its `sourceRoot` */
  constructor(map: SourceMapJson, folder: string) {
    // Node's class does not read `sourceRoot`.
    const { sourceRoot = '', sources, mappings } = ownSources(map);
    this.#map = new SourceMap({
      file: '',
      version: map.version,
      sources: sources.map((source) => sourceRoot + source),
      sourcesContent: [],
      names: [],
      mappings,
      sourceRoot: '',
    });
    this.#folder = folder;
  }

  /** As `<absolute path>:<line>:<column>`. All lines and columns begin at 1. Undefined: not in a source of the project. */
  placeOf(line: number, column: number): string | undefined {
    const entry = this.#map.findEntry(line - 1, column - 1);
    if (!('originalSource' in entry) || entry.originalSource === undefined) return undefined;
    // In a line without mappings, Node finds the last one before it.
    if (entry.generatedLine !== line - 1) return undefined;
    const file = resolve(this.#folder, entry.originalSource);
    return `${file}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  }
}
