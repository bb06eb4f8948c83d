import type { LoadedReadModel } from '../../../lambdas/contexts/load-read-models.ts';
import {
  categoryOfStream,
  foldCommits,
  type GenerationState,
  initialGenerations,
  keyOfStream,
  writtenGenerations,
} from '../../../lambdas/kernel/index.ts';
import { type ContextName, contextNames } from '../../../schema/contexts.ts';
import { controlTable, eventLogTable } from '../../../schema/tables.ts';
import type { FinalItem, FinalRow } from '../history.ts';
import type { Item } from '../services/dynamodb/definitions.ts';
import type { SimulatedDynamoDB } from '../services/dynamodb/simulated-dynamodb.ts';
import { definitionsIn } from '../system/definitions.ts';
import { controlName, eventLogName, parkedName, readModelName } from '../system/tables.ts';
import type { CodeVersion } from '../world/deployment.ts';
import { expectedItems, finalItems, partitionOf } from './final-items.ts';

type FoldableCommit = Parameters<typeof foldCommits>[2] extends Iterable<infer Each> ? Each : never;

type Stored = Omit<FinalRow, 'context' | 'generation' | 'isActive' | 'mayBeOld' | 'folded'>;

/** The commits of the log, by stream, in the order of their versions. */
export function commitsByStream(dynamodb: SimulatedDynamoDB): Map<string, FoldableCommit[]> {
  const commits = dynamodb.items(eventLogName).map(commitOf);
  return Map.groupBy(commits, ({ stream }) => stream);
}

function commitOf(item: Item): FoldableCommit {
  const { partitionKey, sortKey } = eventLogTable;
  return {
    stream: (item[partitionKey]?.S ?? '') as FoldableCommit['stream'],
    version: Number(item[sortKey]?.N),
    events: JSON.parse(item['events']?.S ?? '[]'),
    committedAt: item['committedAt']?.S ?? '',
  };
}

/** An item as it is now. */
export function itemOf(dynamodb: SimulatedDynamoDB, table: string, key: Item): Item | undefined {
  const input = { TableName: table, Key: key, ConsistentRead: true };
  const call = { nowMs: 0, staleMs: () => 0 };
  return (dynamodb.execute('GetItem', input, call) as { readonly Item?: Item }).Item;
}

/** The generations of a read model, as they are stored now. */
export function generationsOf(dynamodb: SimulatedDynamoDB, context: ContextName): GenerationState {
  const key = { [controlTable.partitionKey]: { S: `generations/${context}` } };
  const state = itemOf(dynamodb, controlName, key)?.['state']?.S;
  return state === undefined ? initialGenerations : JSON.parse(state);
}

/** What the read models have after everything has drained. */
export interface FinalReadModels {
  /** Every row of every written generation, beside the fold of its stream. A stream without a row that should have one is there too. */
  readonly rows: readonly FinalRow[];
  readonly items: readonly FinalItem[];
}

/**
 * Reads what is stored, beside what a version of the code makes of the log. `mayBeOld`: whether earlier code may have written a
 * generation.
 */
export function finalReadModels(
  dynamodb: SimulatedDynamoDB,
  version: CodeVersion,
  mayBeOld: (context: ContextName, generation: string) => boolean,
): FinalReadModels {
  const { readModelOf } = definitionsIn(version);
  const byStream = commitsByStream(dynamodb);
  const all = contextNames.map((context) => {
    const state = generationsOf(dynamodb, context);
    const stored = dynamodb.items(readModelName(context));
    const partitions = Map.groupBy(stored, partitionOf);
    const expected: Item[] = [];
    const rows = writtenGenerations(state).flatMap((generation) => {
      const found = storedRows(partitions, generation);
      const folded = foldedRows(readModelOf[context], { generation, byStream, stored: found });
      expected.push(...[...folded.values()].flatMap(({ items }) => items));
      const ids = [...new Set([...found.keys(), ...folded.keys()])].sort();
      return ids.map((id) => ({
        ...(found.get(id) ?? { id, version: 0, row: {}, lines: [] }),
        ...{ context, generation, isActive: generation === state.active, folded: folded.get(id)?.folded },
        ...(mayBeOld(context, generation) && { mayBeOld: true }),
      }));
    });
    const isOld = (generation: string) => mayBeOld(context, generation);
    return { rows, items: finalItems({ context, state, stored, expected, isOld }) };
  });
  return { rows: all.flatMap(({ rows }) => rows), items: all.flatMap(({ items }) => items) };
}

function storedRows(items: ReadonlyMap<string, readonly Item[]>, generation: string): Map<string, Stored> {
  const rows = new Map<string, Stored>();
  for (const [partition, own] of items) {
    if (!partition.startsWith(`${generation}#`)) continue;
    const id = partition.slice(generation.length + 1);
    const row = own.find((item) => item['sk']?.S === 'row');
    rows.set(id, {
      id,
      version: Number(row?.['version']?.N ?? 0),
      row: row ? dataOf(row) : {},
      lines: own.flatMap((item) => {
        const sort = item['sk']?.S ?? '';
        return sort.startsWith('line#') ? [{ key: sort.slice('line#'.length), line: dataOf(item) }] : [];
      }),
    });
  }
  return rows;
}

/** A row as its projection makes it, and its items as the read model stores them. */
interface Folded {
  readonly folded: NonNullable<FinalRow['folded']>;
  readonly items: readonly Item[];
}

interface FoldedFrom {
  readonly generation: string;
  readonly byStream: ReadonlyMap<string, readonly FoldableCommit[]>;
  readonly stored: ReadonlyMap<string, Stored>;
}

/**
 * The rows that the projections make of the log, by the ids of their rows. A projector that does not get all commits of a stream has
 * to reach the last one that it gets; it may be further.
 */
function foldedRows(
  { name: context, projections }: LoadedReadModel,
  { generation, byStream, stored }: FoldedFrom,
): Map<string, Folded> {
  const rows = new Map<string, Folded>();
  for (const { projection, isDelivered = () => true } of projections) {
    const itemsOf = expectedItems({ name: context, projections }, generation, projection.category);
    for (const [stream, commits] of byStream) {
      if (categoryOfStream(stream) !== projection.category) continue;
      const id = context === 'todo' ? stream : keyOfStream(stream as FoldableCommit['stream']);
      const delivered = Math.max(
        0,
        ...commits.filter(isDelivered).map(({ version, events }) => version + events.length - 1),
      );
      const reached = Math.max(delivered, stored.get(id)?.version ?? 0);
      const folded = foldCommits(
        projection,
        undefined,
        commits.filter((commit) => commit.version <= reached),
      );
      if (folded === undefined) continue;
      // A line that changes is folded once for each change. The last one counts.
      const lines = new Map(folded.lines.map((line) => [line.key, line]));
      rows.set(id, {
        folded: {
          version: folded.version,
          row: plain(folded.row),
          lines: [...lines.values()].map(({ key, line }) => ({ key, line: plain(line) })).sort(byKey),
        },
        items: itemsOf(id, folded, [...lines.values()]),
      });
    }
  }
  return rows;
}

function byKey(one: { readonly key: string }, other: { readonly key: string }): number {
  return one.key < other.key ? -1 : one.key > other.key ? 1 : 0;
}

/** As it is stored: JSON. */
function plain(value: unknown): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(value));
}

function dataOf(item: Item): Readonly<Record<string, unknown>> {
  return JSON.parse(item['data']?.S ?? '{}');
}

/** What is parked now. */
export function parkedItems(
  dynamodb: SimulatedDynamoDB,
): { consumer: string; subject: string; reason: string }[] {
  return dynamodb.items(parkedName).map((item) => ({
    consumer: item['consumer']?.S ?? '',
    subject: item['subject']?.S ?? '',
    reason: item['reason']?.S ?? '',
  }));
}
