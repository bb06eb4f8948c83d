import { type ArchivedMap, archivedMap } from '../bundle/maps/archive.ts';
import { OriginalPlaces } from '../bundle/maps/original-places.ts';
import { findStacks } from './found-stacks.ts';

export interface ReadOptions {
  /** The bundle of the stacks that do not say it. */
  readonly bundle?: string;
  /** The archive; default: that of the project. */
  readonly maps?: string;
}

/** What was read. */
export interface ReadStacks {
  /** The stacks with their places in sources. */
  readonly texts: readonly string[];
  /** Why others could not be read: a sentence each. */
  readonly problems: readonly string[];
}

/** A place in a bundle, not in a package or in Lambda's runtime. */
const bundleFrame = /(?<=[\s(])(?!\S*(?:node_modules|\/var\/runtime)\/)[^\s()]*\bindex\.js:(\d+):(\d+)/g;

/** Reads the stacks in a text of a deployed function. The map of another build is never used. */
export function readStacks(text: string, options: ReadOptions = {}): ReadStacks {
  const { stacks, hasFramesWithoutColumns } = findStacks(text);
  const ofBundles = stacks.filter(({ stack }) => stack.search(bundleFrame) !== -1);
  const texts: string[] = [];
  const problems = new Set<string>();
  for (const { stack, bundle = options.bundle } of ofBundles) {
    if (bundle === undefined) problems.add(noBundle);
    else {
      const found = archivedMap(bundle, options.maps);
      if (found === undefined) problems.add(noMap(bundle));
      else texts.push(`${titleOf(bundle, found)}\n${withPlaces(stack, found.map)}`);
    }
  }
  if (hasFramesWithoutColumns) problems.add(noColumns);
  if (ofBundles.length === 0 && problems.size === 0) {
    problems.add(stacks.length === 0 ? 'There is no stack in the text.' : noFrames);
  }
  return { texts, problems: [...problems] };
}

function withPlaces(stack: string, map: ArchivedMap): string {
  const places = new OriginalPlaces(map);
  return stack.replaceAll(bundleFrame, (frame, line, column) => {
    const place = places.placeOf(Number(line), Number(column));
    return place === undefined ? frame : `${place.source}:${place.line}:${place.column}`;
  });
}

function titleOf(bundle: string, { functionName, map }: { functionName: string; map: ArchivedMap }): string {
  const { commit } = map;
  const built = commit === '' ? 'an unknown commit' : `commit ${commit.slice(0, 12)}`;
  const changed = commit.endsWith('+') ? ' and changes that were not committed' : '';
  return `${functionName}, bundle ${bundle}, built from ${built}${changed}:`;
}

const noFrames = 'The stack has no line of a bundle (index.js:LINE:COLUMN).';
const noBundle =
  'A stack does not say of which bundle it is. Give the id with --bundle ID: each log line with an error has it (bundle), also those of other errors in the same log stream. Or give the path of the deployed index.js. docs/debugging.md has the commands.';
const noColumns =
  'X-Ray keeps no columns, so its stacks cannot be read. Search the logs for the id of the trace (xray_trace_id): the log line of the error has them.';

function noMap(bundle: string): string {
  return `There is no map of bundle ${bundle} in dist/maps. Copy dist/maps from where it was built, or build the deployed commit again: git switch --detach COMMIT && npm ci && npm run build`;
}
