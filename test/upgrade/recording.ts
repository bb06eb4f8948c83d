import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dynamodbSource } from '../../tools/host/event-sources/dynamodb-source.ts';
import { kinesisSource } from '../../tools/host/event-sources/kinesis-source.ts';
import type { StreamRecord, StreamSource } from '../../tools/host/event-sources/stream-source.ts';
import type { OldAnswers } from './old-writes.ts';
import type { Item, RunningSystem, StoredObject } from './running-system.ts';

/** Everything that an old system left, as its stores have it, and what it answered. */
export interface Recording {
  /** `isUnread`: the publisher has not read this commit. */
  readonly items: readonly { readonly table: string; readonly item: Item; readonly isUnread?: boolean }[];
  /** Records of the event stream that a projector has not read. */
  readonly records: readonly { readonly partitionKey: string; readonly text: string }[];
  readonly messages: readonly { readonly queue: string; readonly text: string }[];
  readonly objects: readonly StoredObject[];
  readonly answers: OldAnswers;
}

const folder = join(import.meta.dirname, 'recorded');
const tables = [
  'EventLogTable',
  'EventLogSnapshots',
  'ControlTable',
  'ControlParked',
  'LedgerReadModel',
  'MetricsReadModel',
  'DispenseReadModel',
  'TodoReadModel',
];
const queues = [
  'TodoQueue',
  'TodoQueueFailures',
  'AnalysisQueue',
  'AnalysisQueueFailures',
  'FailuresNotices',
];
const buckets = ['DocumentsBucket', 'FailuresBucket'];

/** Reads the recording of the repository. */
export function readRecording(): Recording {
  const lines = (name: string) =>
    readFileSync(join(folder, `${name}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  return {
    items: lines('items'),
    records: lines('records'),
    messages: lines('messages'),
    objects: lines('objects'),
    answers: { commands: lines('commands'), past: lines('past'), pages: lines('pages') },
  };
}

/** Replaces the recording of the repository: a file for each kind, with a line for each thing. */
export function writeRecording({ answers, ...stored }: Recording): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, values] of Object.entries({ ...stored, ...answers })) {
    const lines = (values as readonly object[]).map((value) => `${JSON.stringify(value)}\n`);
    writeFileSync(join(folder, `${name}.jsonl`), lines.join(''));
  }
}

/** Records what a host has stored. Nothing may run on it: messages are taken out of their queues. */
export async function record(
  system: RunningSystem,
  dataFolder: string,
  answers: OldAnswers,
): Promise<Recording> {
  const unread = await unreadBy(dataFolder, (arn) =>
    arn.includes(':dynamodb:') ? dynamodbSource(system.streams, arn) : kinesisSource(system.kinesis, arn),
  );
  const unreadCommits = new Set(
    unread.flatMap(({ eventRecord }) => ('dynamodb' in eventRecord ? [keyOf(eventRecord.dynamodb)] : [])),
  );
  const items: Recording['items'][number][] = [];
  for (const table of tables) {
    for (const item of await system.items(table)) {
      const isUnread = table === 'EventLogTable' && unreadCommits.has(keyOf({ NewImage: item }));
      items.push({ table, item, ...(isUnread && { isUnread }) });
    }
  }
  const messages: Recording['messages'][number][] = [];
  for (const queue of queues) {
    for (const text of await system.takeMessages(queue)) messages.push({ queue, text });
  }
  const records = unread.flatMap(({ eventRecord }) =>
    'kinesis' in eventRecord ? [recordOf(eventRecord.kinesis as WireRecord)] : [],
  );
  const objects = (await Promise.all(buckets.map((bucket) => system.objects(bucket)))).flat();
  return { items, records, messages, objects, answers };
}

interface WireRecord {
  readonly partitionKey: string;
  readonly data: string;
}

function recordOf({ partitionKey, data }: WireRecord) {
  return { partitionKey, text: Buffer.from(data, 'base64').toString('utf8') };
}

function keyOf(change: unknown): string {
  const { NewImage } = change as { NewImage?: Item };
  return `${NewImage?.['stream']?.S} ${NewImage?.['version']?.N}`;
}

/** The records of each stream that at least one of its readers has not read, by the checkpoints of a host. */
async function unreadBy(
  dataFolder: string,
  sourceAt: (arn: string) => StreamSource,
): Promise<StreamRecord[]> {
  const checkpoints = join(dataFolder, 'checkpoints');
  const contents = readdirSync(checkpoints).map(
    (file): { source: string; positions: Record<string, string> } =>
      JSON.parse(readFileSync(join(checkpoints, file), 'utf8')),
  );
  const unread: StreamRecord[] = [];
  for (const [arn, own] of Map.groupBy(contents, ({ source }) => source)) {
    const source = sourceAt(arn);
    for (const { id } of await source.listShards()) {
      const positions = own.map(({ positions }) => positions[id]);
      const lowest = positions.sort((a, b) => (BigInt(a ?? 0) < BigInt(b ?? 0) ? -1 : 1))[0];
      unread.push(...(await recordsAfter(source, id, lowest)));
    }
  }
  return unread;
}

/** The records of a shard after a position; undefined: all of them. */
export async function recordsAfter(
  source: StreamSource,
  shardId: string,
  after: string | undefined,
): Promise<StreamRecord[]> {
  const all: StreamRecord[] = [];
  let iterator: string | undefined = await source.iteratorAt(shardId, after);
  while (iterator !== undefined) {
    const { records, nextIterator } = await source.read(shardId, iterator, 1_000);
    if (records.length === 0) break;
    all.push(...records);
    iterator = nextIterator;
  }
  return all;
}
