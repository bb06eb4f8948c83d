import type { GenerationState, StoredEvent } from '../../../lambdas/kernel/index.ts';
import type { PublishedCommit } from '../../../lambdas/messaging/published-commit.ts';
import { type ContextName, contextNames } from '../../../schema/contexts.ts';
import { controlTable, eventLogTable } from '../../../schema/tables.ts';
import type { Parking, ProgressNote, RecordedCommit } from '../history.ts';
import type { Item, ItemChange } from '../services/dynamodb/definitions.ts';
import type { SimulatedDynamoDB } from '../services/dynamodb/simulated-dynamodb.ts';
import type { Shard, ShardedStream } from '../services/sharded-stream.ts';
import { controlName, eventLogName, parkedName, readModelName } from '../system/tables.ts';
import type { BegunBatches } from './begun-batches.ts';
import { generationsOf, itemOf } from './final-rows.ts';

interface Published {
  readonly kinesis: { readonly data: string };
}

interface EventStream {
  readonly stream: Pick<ShardedStream<never, Published>, 'shards'>;
}

/** What progress cannot say. */
interface Judging {
  /** Whether a consumer never got the commit at a place, such as "ledger/acc-1@4". Health counts those apart. */
  readonly isGivenUp: (consumer: string, place: string) => boolean;
  /** Undefined: batches of a shard follow each other, so all records before a handled one are handled. */
  readonly begun: BegunBatches | undefined;
}

/** Takes down what is stored: each commit when it is appended, and each note of progress with the rows at this moment. */
export class StoreRecorder {
  readonly commits: RecordedCommit[] = [];
  readonly progress: ProgressNote[] = [];
  /** What was parked at any time. */
  readonly parkings: Parking[] = [];
  /** When each generation was begun, in ms since 1970, by names such as "ledger g2". */
  readonly begun = new Map<string, number>();
  readonly #dynamodb: SimulatedDynamoDB;
  readonly #eventStream: EventStream;
  readonly #isGivenUp: Judging['isGivenUp'];
  /** For each consumer and shard, the records that were noted as handled. */
  readonly #noted = new Map<string, Set<string>>();
  readonly #begun: BegunBatches | undefined;

  constructor(dynamodb: SimulatedDynamoDB, eventStream: EventStream, { isGivenUp, begun }: Judging) {
    this.#isGivenUp = isGivenUp;
    this.#dynamodb = dynamodb;
    this.#eventStream = eventStream;
    this.#begun = begun;
  }

  /** What the projectors still note as unfinished, a sentence each. */
  unfinished(): readonly string[] {
    return contextNames.flatMap((context) => {
      const item = itemOf(this.#dynamodb, controlName, {
        [controlTable.partitionKey]: { S: `progress/${context}` },
      });
      return notedIn(item ?? {}).unfinished.map(
        ({ shardId, sequenceNumber }) => `${context} notes ${sequenceNumber} of ${shardId} as unfinished.`,
      );
    });
  }

  readonly onChange = (change: ItemChange): void => {
    if (change.table === eventLogName) this.#noteCommit(change);
    else if (change.table === parkedName) this.#noteParking(change);
    else if (change.table === controlName) {
      this.#noteProgress(change);
      this.#noteGeneration(change);
    }
  };

  #noteParking({ after, nowMs }: ItemChange): void {
    if (after === undefined) return;
    const textOf = (name: string) => after[name]?.S ?? '';
    const [consumer, subject, reason] = [textOf('consumer'), textOf('subject'), textOf('reason')];
    this.parkings.push({ atMs: nowMs, consumer, subject, reason });
  }

  #noteGeneration({ after, nowMs }: ItemChange): void {
    const [kind, context] = (after?.[controlTable.partitionKey]?.S ?? '').split('/');
    if (kind !== 'generations') return;
    const { building }: GenerationState = JSON.parse(after?.['state']?.S ?? '{}');
    const name = `${context} ${building?.generation}`;
    if (building !== undefined && !this.begun.has(name)) this.begun.set(name, nowMs);
  }

  #noteCommit({ after, before, nowMs }: ItemChange): void {
    if (after === undefined || before !== undefined) return;
    const { partitionKey, sortKey } = eventLogTable;
    const events: readonly StoredEvent[] = JSON.parse(after['events']?.S ?? '[]');
    this.commits.push({
      stream: after[partitionKey]?.S ?? '',
      version: Number(after[sortKey]?.N),
      commandId: after['commandId']?.S ?? '',
      committedAt: after['committedAt']?.S ?? '',
      events: events.map(({ id, type, data }) => ({ id, type, data })),
      appendedMs: nowMs,
    });
  }

  /** What a consumer newly says to have handled, and the versions of those rows now. */
  #noteProgress({ before, after, nowMs }: ItemChange): void {
    const name = after?.[controlTable.partitionKey]?.S ?? '';
    const consumer = contextNames.find((context) => name === `progress/${context}`);
    if (after === undefined || consumer === undefined) return;
    const { reached, unfinished } = notedIn(after);
    // The rest of a batch that failed waits for its turn again as soon as its first part was handled.
    for (const { sequenceNumber } of notedIn(before ?? {}).unfinished) {
      const isOpen = unfinished.some((one) => one.sequenceNumber === sequenceNumber);
      if (!isOpen) this.#begun?.handled(consumer, sequenceNumber);
    }
    for (const { shardId, sequenceNumber } of reached) {
      const shard = this.#eventStream.stream.shards.find(({ id }) => id === shardId);
      if (shard === undefined) continue;
      const open = unfinished.filter((one) => one.shardId === shardId).map((one) => one.sequenceNumber);
      const handled = this.#newlyHandled(consumer, shard, { sequenceNumber, open });
      if (handled.length === 0) continue;
      const rowVersions = handled.map(({ stream }) => this.#rowVersion(consumer, stream));
      this.progress.push({ atMs: nowMs, consumer, shardId, handled, rowVersions });
    }
  }

  #newlyHandled(
    consumer: string,
    { id, records }: Shard<Published>,
    { sequenceNumber, open }: { readonly sequenceNumber: string; readonly open: readonly string[] },
  ): ProgressNote['handled'] {
    const key = `${consumer} ${id}`;
    const noted = this.#noted.get(key) ?? new Set();
    this.#noted.set(key, noted);
    return records.flatMap(({ record, sequenceNumber: own, partitionKey }) => {
      // An unfinished record says nothing about those behind it.
      const isOpen = open.some((first) => own === first || isBehind(own, first));
      if (isBehind(own, sequenceNumber) || isOpen || noted.has(own)) return [];
      if (this.#begun?.has(consumer, own) === false) return [];
      noted.add(own);
      if (!partitionKey.startsWith(`${consumer}/`)) return [];
      const { first, lastVersion } = versionsIn(record.kinesis.data);
      if (this.#isGivenUp(`${consumer}-projector`, `${partitionKey}@${first}`)) return [];
      return [{ stream: partitionKey, lastVersion }];
    });
  }

  /** The version of the row in the active generation, or that it is parked. One that is being built may lag until it is compared. */
  #rowVersion(context: ContextName, stream: string): number | 'parked' {
    const id = stream.slice(context.length + 1);
    if (itemOf(this.#dynamodb, parkedName, { consumer: { S: context }, subject: { S: stream } }))
      return 'parked';
    const { active } = generationsOf(this.#dynamodb, context);
    const row = itemOf(this.#dynamodb, readModelName(context), {
      pk: { S: `${active}#${id}` },
      sk: { S: 'row' },
    });
    return Number(row?.['version']?.N ?? 0);
  }
}

interface Noted {
  readonly shardId: string;
  readonly sequenceNumber: string;
}

/** What an item says: `reached/<shard>` with `<digits>:<number>@<time>`, and `unfinished/<shard>/<number>`. */
function notedIn(item: Item): { readonly reached: readonly Noted[]; readonly unfinished: readonly Noted[] } {
  const reached: Noted[] = [];
  const unfinished: Noted[] = [];
  for (const [name, { S: text = '' }] of Object.entries(item)) {
    const [kind, shardId = '', sequenceNumber = ''] = name.split('/');
    if (kind === 'unfinished') unfinished.push({ shardId, sequenceNumber });
    const number = /^\d+:(\d+)@/.exec(text)?.[1];
    if (kind === 'reached' && number !== undefined) reached.push({ shardId, sequenceNumber: number });
  }
  return { reached, unfinished };
}

/** Whether a sequence number is behind another one. They are numbers of any length. */
function isBehind(one: string, other: string): boolean {
  return one.length === other.length ? one > other : one.length > other.length;
}

/** The versions of the first and the last event of a published commit. */
function versionsIn(data: string): { readonly first: number; readonly lastVersion: number } {
  const { events }: PublishedCommit = JSON.parse(Buffer.from(data, 'base64').toString());
  const { commitversion = 0, commitcount = 0 } = events[0] ?? {};
  return { first: commitversion, lastVersion: commitversion + commitcount - 1 };
}
