import {
  type AnyProjection,
  type LoadedProjection,
  loadReadModel,
} from '../../../lambdas/contexts/load-read-models.ts';
import { categoryOfStream, foldCommits, type StreamName } from '../../../lambdas/kernel/index.ts';
import { rowIdOf, streamOfRow } from '../../../lambdas/kernel/verify/index.ts';
import { type ContextName, contextNames } from '../../../schema/contexts.ts';
import { readModelTable } from '../../../schema/tables.ts';
import type { FinalRow } from '../history.ts';
import type { Item, StoredCommit } from './stored.ts';

/** No read model is rebuilt here. */
const generation = 'g1';

/** What is stored of the read models, and what it must be. */
export interface FinalRows {
  readonly rows: readonly FinalRow[];
  /** Streams whose row is missing or behind, as "ledger/acc-1 in todo". */
  readonly behind: readonly string[];
}

/** Compares the rows of all read models with a fold of the log by their projections. */
export async function finalRows(
  commits: readonly StoredCommit[],
  itemsOf: (name: ContextName) => Promise<readonly Item[]>,
): Promise<FinalRows> {
  const byStream = Map.groupBy(commits, ({ stream }) => stream as string);
  const rows: FinalRow[] = [];
  const behind: string[] = [];
  for (const name of contextNames) {
    const stored = byPartition(await itemsOf(name));
    for (const loaded of (await loadReadModel(name)).projections) {
      const found = rowsOf(name, loaded, byStream, stored);
      rows.push(...found.rows);
      behind.push(...found.behind);
    }
  }
  return { rows, behind };
}

function rowsOf(
  context: ContextName,
  { projection, isDelivered = () => true }: LoadedProjection,
  byStream: ReadonlyMap<string, readonly StoredCommit[]>,
  stored: ReadonlyMap<string, readonly Item[]>,
): FinalRows {
  const rows: FinalRow[] = [];
  const behind: string[] = [];
  const streamsOfRows = [...stored.keys()].map((id) => streamOfRow(projection, id) as string);
  const streams = new Set([...byStream.keys(), ...streamsOfRows]);
  for (const stream of [...streams].sort()) {
    if (categoryOfStream(stream as StreamName) !== projection.category) continue;
    const id = rowIdOf(projection, stream as StreamName);
    const row = storedRow(stored.get(id) ?? []);
    const commits = byStream.get(stream) ?? [];
    const delivered = commits.findLast(isDelivered);
    // The row of a projector that gets only some commits may be ahead of the last one it gets, because it reads the log at a gap.
    const end = Math.max(delivered === undefined ? 0 : lastVersionOf(delivered), row?.version ?? 0);
    const folded = fold(
      { projection },
      commits.filter((commit) => lastVersionOf(commit) <= end),
    );
    if ((row?.version ?? 0) < (folded?.version ?? 0)) behind.push(`${stream} in ${context}`);
    if (row) rows.push({ context, generation, isActive: true, id, ...row, folded });
  }
  return { rows, behind };
}

/** Undefined: there is nothing to fold, or it cannot be folded. */
function fold({ projection }: Pick<LoadedProjection, 'projection'>, commits: readonly StoredCommit[]) {
  const folded = foldedOrNothing(projection, commits);
  if (folded === undefined) return undefined;
  const { version, row, lines } = folded;
  return {
    version,
    row: plain(row),
    lines: sorted(lines.map(({ key, line }) => ({ key, line: plain(line) }))),
  };
}

function foldedOrNothing(projection: AnyProjection, commits: readonly StoredCommit[]) {
  try {
    return foldCommits(projection, undefined, commits);
  } catch {
    return undefined; // A lost commit, for example. The checks report it.
  }
}

type Stored = Pick<FinalRow, 'version' | 'row' | 'lines'>;

/** Undefined: there is no row. */
function storedRow(items: readonly Item[]): Stored | undefined {
  const row = items.find((item) => sortKeyOf(item) === 'row');
  if (row === undefined) return undefined;
  const lines = items.flatMap((item) => {
    const key = /^line#(.*)$/s.exec(sortKeyOf(item))?.[1];
    return key === undefined ? [] : [{ key, line: dataOf(item) }];
  });
  return { version: Number(row['version']?.N), row: dataOf(row), lines: sorted(lines) };
}

/** The items of each stream, by the id of its row. */
function byPartition(items: readonly Item[]): ReadonlyMap<string, readonly Item[]> {
  return Map.groupBy(items, (item) =>
    (item[readModelTable.partitionKey]?.S ?? '').slice(generation.length + 1),
  );
}

const sortKeyOf = (item: Item): string => item[readModelTable.sortKey]?.S ?? '';
const dataOf = (item: Item): FinalRow['row'] => JSON.parse(item['data']?.S ?? 'null');

/** As JSON stores it. */
const plain = (value: unknown): FinalRow['row'] => JSON.parse(JSON.stringify(value));

function sorted(lines: FinalRow['lines']): FinalRow['lines'] {
  return [...lines].sort((a, b) => (a.key < b.key ? -1 : 1));
}

const lastVersionOf = ({ version, events }: StoredCommit): number => version + events.length - 1;
