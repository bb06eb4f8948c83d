import { keepSources } from './mappings.ts';

/** A source map, version 3 (ECMA-426). */
export interface SourceMapJson {
  readonly version: number;
  /** Before each source, with nothing in between. */
  readonly sourceRoot?: string;
  readonly sources: readonly string[];
  /** The text of each source. */
  readonly sourcesContent?: readonly (string | null)[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** Sources of packages, and those that a plugin of the build makes (`projector:ledger`). */
const foreignSource = /(^|\/)node_modules\/|^[\w-]+:/;

/**
 * The part of a map about the project's own sources. Node needs five times as much memory and time for the whole map of a
 * bundle, and frames in packages are of little help.
 */
export function ownSources(map: SourceMapJson): SourceMapJson {
  const kept = map.sources.flatMap((source, index) => (foreignSource.test(source) ? [] : [index]));
  const newIndex = new Int32Array(map.sources.length).fill(-1);
  kept.forEach((oldIndex, index) => {
    newIndex[oldIndex] = index;
  });
  return {
    version: map.version,
    ...(map.sourceRoot !== undefined && { sourceRoot: map.sourceRoot }),
    sources: kept.map((index) => map.sources[index] ?? ''),
    names: [],
    mappings: keepSources(map.mappings, newIndex),
  };
}
