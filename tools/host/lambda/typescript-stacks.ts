import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { OriginalPlaces } from '../../bundle/maps/original-places.ts';
import { ownSources } from '../../bundle/maps/source-map.ts';

/**
 * From now on, stacks in this thread name the lines of the TypeScript sources, for bundles with a map `<bundle>.map` beside them.
 * A map is read at the first stack that needs it. Node's `--enable-source-maps` reads it when the bundle is loaded, and
 * unpacks all of it: ten times as much time and memory.
 */
export function showTypeScriptInStacks(): void {
  const maps = new Map<string, OriginalPlaces | undefined>();
  const mapOf = (file: string) => {
    if (!maps.has(file)) maps.set(file, readMap(file));
    return maps.get(file);
  };
  Error.prepareStackTrace = (error, frames) =>
    [headOf(error), ...frames.map((frame) => `    at ${lineOf(frame, mapOf)}`)].join('\n');
}

function readMap(file: string): OriginalPlaces | undefined {
  try {
    return new OriginalPlaces(ownSources(JSON.parse(readFileSync(`${file}.map`, 'utf8'))));
  } catch {
    return undefined; // Without a usable map, a stack names the lines of the bundle.
  }
}

function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return '<error>'; // As V8: its name or message throws.
  }
}

/** The text of V8, with another place. */
function lineOf(frame: NodeJS.CallSite, mapOf: (file: string) => OriginalPlaces | undefined): string {
  const text = String(frame);
  const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
  if (!file?.endsWith('.js') || line === null || column === null) return text;
  const place = mapOf(file)?.placeOf(line, column);
  if (place === undefined) return text;
  const original = `${resolve(dirname(file), place.source)}:${place.line}:${place.column}`;
  return text.replace(`${file}:${line}:${column}`, () => original);
}
