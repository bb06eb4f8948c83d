import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SegmentReader } from '../../tools/bundle/maps/mappings.ts';
import type { Location, ParsedScript } from './debugger-client.ts';

/** A place in a source. The line begins at 1, as editors show it. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
}

/** A script with its source map, which is found and resolved as a debugger does it. */
export class MappedScript {
  readonly script: ParsedScript;
  readonly #map: SourceMap;
  readonly #mappings: string;
  /** The absolute paths of the sources, by their names in the map. */
  readonly #files: ReadonlyMap<string, string>;

  /** Undefined: the script has no map. */
  static of(script: ParsedScript): MappedScript | undefined {
    if (!script.sourceMapURL) return undefined;
    // Node names CommonJS files by their path.
    const url = script.url.startsWith('file:') ? script.url : pathToFileURL(script.url).href;
    return new MappedScript(script, new URL(script.sourceMapURL, url));
  }

  private constructor(script: ParsedScript, mapUrl: URL) {
    this.script = script;
    const map = JSON.parse(readFileSync(mapUrl, 'utf8'));
    this.#map = new SourceMap({ ...map, file: '' });
    this.#mappings = map.mappings;
    this.#files = new Map(
      map.sources.map((source: string) => [
        source,
        fileOf(new URL(`${map.sourceRoot ?? ''}${source}`, mapUrl)),
      ]),
    );
  }

  get sources(): readonly string[] {
    return [...this.#files.values()];
  }

  /** The first place in the script that comes from a line of a source. Undefined: the line has no code. */
  generatedFrom({ file, line }: SourcePlace): Omit<Location, 'scriptId'> | undefined {
    const source = this.sources.indexOf(file);
    const reader = new SegmentReader(this.#mappings);
    for (let lineNumber = 0; reader.next(); lineNumber += reader.isNewLine ? 1 : 0) {
      if (reader.isNewLine || !reader.hasSource) continue;
      if (reader.source === source && reader.line === line - 1) {
        return { lineNumber, columnNumber: reader.column };
      }
    }
    return undefined;
  }

  originalOf({ lineNumber, columnNumber }: Omit<Location, 'scriptId'>): SourcePlace | undefined {
    const entry = this.#map.findEntry(lineNumber, columnNumber);
    if (!('originalSource' in entry) || entry.generatedLine !== lineNumber) return undefined;
    const file = this.#files.get(entry.originalSource);
    return file === undefined ? undefined : { file, line: entry.originalLine + 1 };
  }
}

/** Sources that a plugin of the build makes have no file. */
function fileOf(url: URL): string {
  return url.protocol === 'file:' ? fileURLToPath(url) : url.href;
}
