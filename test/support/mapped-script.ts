import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
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
  readonly #lines: readonly string[];
  /** The absolute paths of the sources, by their names in the map. */
  readonly #files: ReadonlyMap<string, string>;

  /** Undefined: the script has no map. */
  static of(script: ParsedScript): MappedScript | undefined {
    if (!script.sourceMapURL) return undefined;
    // Node names CommonJS files by their path.
    const url = script.url.startsWith('file:') ? script.url : pathToFileURL(script.url).href;
    return new MappedScript(script, url, new URL(script.sourceMapURL, url));
  }

  private constructor(script: ParsedScript, url: string, mapUrl: URL) {
    this.script = script;
    const map = JSON.parse(readFileSync(mapUrl, 'utf8'));
    this.#map = new SourceMap({ ...map, file: '' });
    this.#lines = readFileSync(new URL(url), 'utf8').split('\n');
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
    for (const [lineNumber, text] of this.#lines.entries()) {
      const columnNumber = text.search(/\S/);
      if (columnNumber === -1) continue;
      const place = this.originalOf({ lineNumber, columnNumber });
      if (place?.file === file && place.line === line) return { lineNumber, columnNumber };
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
