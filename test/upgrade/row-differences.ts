import { loadContext } from '../../lambdas/contexts/load.ts';
import { loadTodoRules } from '../../lambdas/contexts/load-todo-rules.ts';
import { todoProjections } from '../../lambdas/contexts/todo/read-model/projection.ts';
import { type TodoRules, todoEventTypes } from '../../lambdas/contexts/todo-rule.ts';
import {
  type Commit,
  categoryOfStream,
  type DomainEvent,
  firstGeneration,
  foldCommits,
  keyOfStream,
  type Projection,
  type ReadModel,
  type StreamName,
} from '../../lambdas/kernel/index.ts';
import { eventLog, generationOf, type Platform } from '../../lambdas/runtime/adapters.ts';
import { nodeEffects } from '../../lambdas/runtime/node-effects.ts';
import { aggregateNames, type ContextName, contexts } from '../../schema/contexts.ts';
import { constructName } from '../../schema/names.ts';
import { differencesOf } from './differences.ts';
import { undocumented } from './documented-differences.ts';
import type { RunningSystem } from './running-system.ts';

type AnyProjection = Projection<DomainEvent, object, object, string>;
type History = readonly [stream: StreamName, commits: readonly Commit[]];

/** What one projection keeps in a read model. */
interface Projected {
  readonly context: ContextName;
  readonly projection: AnyProjection;
  readonly rows: ReadModel<object, object>;
  /** The id of a stream's row. */
  readonly rowId: (stream: StreamName) => string;
  /** The part of a history that is sent to the projector: up to the last such commit. Default: all. */
  readonly isSent: (commit: Commit) => boolean;
}

/** The keys of one list: those that the folds have, and those that the list has. */
type KeysOfList = Readonly<Record<'folded' | 'listed', string[]>>;

/**
 * Folds every stream of the log with the code of this checkout, and compares each row, each line and each list with it.
 * Returns a sentence for each difference that is not documented.
 */
export async function rowDifferences(system: RunningSystem): Promise<string[]> {
  const histories = await historiesOf(system);
  const all = await projectedIn(system);
  const lists = new Map<string, KeysOfList>();
  const found: string[] = [];
  for (const each of all) {
    for (const history of histories.filter(
      ([stream]) => categoryOfStream(stream) === each.projection.category,
    ))
      found.push(...(await compareStream(each, history, lists)));
  }
  for (const each of new Map(all.map((one) => [one.context, one])).values())
    found.push(...(await compareLists(each, lists)));
  return undocumented(found);
}

function platformOf({ dynamodb }: RunningSystem, env: Platform['env'] = {}): Platform {
  return { client: dynamodb, env, effects: nodeEffects };
}

/** Every stream of the log, with its commits. */
async function historiesOf(system: RunningSystem): Promise<History[]> {
  const log = eventLog(platformOf(system, { EVENT_LOG_TABLE: await system.tableName('EventLogTable') }));
  const streams = (await system.items('EventLogTable')).map(({ stream }) => stream?.S as StreamName);
  const read = async (stream: StreamName) =>
    [stream, (await Array.fromAsync(log.read(stream))).flat()] as const;
  return Promise.all([...new Set(streams)].sort().map(read));
}

async function projectedIn(system: RunningSystem): Promise<Projected[]> {
  const rowsOf = async (context: ContextName, projection: AnyProjection) =>
    generationOf(
      { projection },
      platformOf(system),
      await system.tableName(`${constructName(context)}ReadModel`),
      firstGeneration,
    );
  const aggregates = aggregateNames.map(async (context): Promise<Projected> => {
    const { projection } = await loadContext(context);
    const rows = await rowsOf(context, projection);
    return { context, projection, rows, rowId: keyOfStream, isSent: () => true };
  });
  const rules = await loadTodoRules();
  const todo = todoProjections(rules).map(async (declared): Promise<Projected> => {
    const projection = declared as unknown as AnyProjection;
    const types = todoEventTypes(rules.filter(({ category }: TodoRules) => category === projection.category));
    const isSent = ({ events }: Commit) => events.some(({ type }) => types.has(type));
    const rows = await rowsOf('todo', projection);
    return { context: 'todo', projection, rows, rowId: (stream) => stream, isSent };
  });
  return Promise.all([...aggregates, ...todo]);
}

/** Compares the row and the lines of a stream with its fold. Adds the keys of the fold to `lists`. */
async function compareStream(
  { context, projection, rows, rowId, isSent }: Projected,
  [stream, commits]: History,
  lists: Map<string, KeysOfList>,
): Promise<string[]> {
  const id = rowId(stream);
  const sent = commits.slice(0, commits.findLastIndex(isSent) + 1);
  const fold = foldCommits(projection, undefined, sent);
  const lines = new Map(fold?.lines.map(({ key, line }) => [key, line]));
  for (const [list, key] of listKeys(projection, fold?.row, [...lines.values()]))
    keysOf(lists, context, list).folded.push(key);
  const stored = (await rows.load([id])).get(id);
  const name = `${context} row ${stream}`;
  return [
    ...differencesOf(`${name} version`, fold?.version, stored?.version),
    ...differencesOf(name, fold?.row, stored?.row),
    ...differencesOf(`${name} lines`, Object.fromEntries(lines), Object.fromEntries(await linesOf(rows, id))),
  ];
}

/** The keys that a row and its lines have in the lists. */
function listKeys(projection: AnyProjection, row: object | undefined, lines: readonly object[]) {
  const ofRow = row === undefined ? {} : (projection.listKeys?.(row) ?? {});
  const ofLines = lines.map((line) => projection.changingLines?.listKeys(line) ?? {});
  return [ofRow, ...ofLines]
    .flatMap((keys) => Object.entries(keys))
    .filter((entry): entry is [string, string] => entry[1] !== undefined);
}

async function linesOf(rows: Projected['rows'], id: string): Promise<[key: string, line: object][]> {
  const all: [string, object][] = [];
  let page: Awaited<ReturnType<typeof rows.lines>>;
  do {
    page = await rows.lines(id, { after: all.at(-1)?.[0], order: 'ascending', limit: 100, consistent: true });
    all.push(...page.lines.map(({ key, line }): [string, object] => [key, line]));
  } while (page.hasMore);
  return all;
}

/** Compares the lists of a context: each entry must be there once, in order. */
async function compareLists(
  { context, projection, rows }: Projected,
  lists: Map<string, KeysOfList>,
): Promise<string[]> {
  const found: string[] = [];
  for (const list of contexts[context].lists) {
    const { folded, listed } = keysOf(lists, context, list);
    let after: string | undefined;
    do {
      const page = await pageOf(rows, projection, list, after);
      listed.push(...page.keys);
      after = page.next;
    } while (after !== undefined);
    const name = `${context} list ${list}`;
    found.push(
      ...folded.filter((key) => !listed.includes(key)).map((key) => `${name}: ${key} is missing`),
      ...listed.filter((key) => !folded.includes(key)).map((key) => `${name}: ${key} is of no row`),
      ...listed
        .filter((key, index) => listed.indexOf(key) < index)
        .map((key) => `${name}: ${key} is there twice`),
    );
  }
  return found;
}

async function pageOf(
  rows: Projected['rows'],
  { changingLines }: AnyProjection,
  list: string,
  after?: string,
) {
  const range = { after, limit: 100 };
  if (changingLines === undefined) {
    const page = await rows.list(list, range);
    return { keys: page.rows.map(({ listKey }) => listKey), next: page.next };
  }
  const page = await rows.listLines(list, range);
  return { keys: page.lines.map(({ listKey }) => listKey), next: page.next };
}

function keysOf(lists: Map<string, KeysOfList>, context: ContextName, list: string): KeysOfList {
  const name = `${context} ${list}`;
  const keys = lists.get(name) ?? { folded: [], listed: [] };
  lists.set(name, keys);
  return keys;
}
