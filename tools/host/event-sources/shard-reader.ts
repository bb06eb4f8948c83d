import { createHash } from 'node:crypto';
import { AwsError } from '../aws-json.ts';
import { messageOf } from '../user-error.ts';
import { backoffMs, pause } from './backoff.ts';
import { BatchRunner } from './batch-runner.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { GivenUp } from './failure-destination.ts';
import { matchesPattern } from './filter.ts';
import type { EventSourceMapping } from './mapping.ts';
import type { ShardPosition, StreamRecord, StreamSource } from './stream-source.ts';
import type { WakeSignal } from './wake-signal.ts';

const shortestPollMs = 10;
const longestPollMs = 200;
const longestErrorPauseMs = 5_000;
/** Iterators are good for five minutes. */
const iteratorLifeMs = 4 * 60_000;
const refusals: ReadonlySet<string> = new Set([
  'InvalidArgumentException',
  'SerializationException',
  'ValidationException',
]);
/** Leaves room below Lambda's 6 MB for one more record. */
const batchChars = 5_000_000;

export interface ShardReaderOptions {
  source: StreamSource;
  mapping: EventSourceMapping;
  shardId: string;
  startingPosition: ShardPosition;
  checkpoints: Checkpoints;
  wakeSignal: WakeSignal;
  signal: AbortSignal;
  onGivenUp: (givenUp: GivenUp) => Promise<void>;
  warn: (line: string) => void;
}

/** Reads one shard from its checkpoint to its end, batch by batch. */
export class ShardReader {
  readonly #options: ShardReaderOptions;
  #position: ShardPosition;
  #iterator: { value: string; madeAtMs: number } | undefined;
  #pending: StreamRecord[] = [];
  #pendingSinceMs = 0;
  #lastReadAtMs = 0;

  constructor(options: ShardReaderOptions) {
    this.#options = options;
    const after = options.checkpoints.after(options.shardId);
    this.#position = after === undefined ? options.startingPosition : { after };
  }

  /** Resolves at the end of the shard, or when the signal aborts. */
  async run(): Promise<void> {
    const { signal, wakeSignal, warn, mapping } = this.#options;
    for (let idle = 0, errors = 0; !signal.aborted; ) {
      try {
        const { count, isAtEnd } = await this.#read();
        errors = 0;
        const isBusy = await this.#processDue(isAtEnd);
        if (isAtEnd) return;
        idle = isBusy || count > 0 ? 0 : idle + 1;
        await wakeSignal.wait(backoffMs(idle + 1, shortestPollMs, longestPollMs), signal);
        await pause(Math.max(0, this.#lastReadAtMs + shortestPollMs - Date.now()), signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#recover(error);
        if (++errors === 2) warn(`Reading ${mapping.sourceArn} fails: ${messageOf(error)}`);
        await pause(backoffMs(errors, longestPollMs, longestErrorPauseMs), signal);
      }
    }
  }

  async #read(): Promise<{ count: number; isAtEnd: boolean }> {
    const { source, shardId, mapping, checkpoints } = this.#options;
    this.#lastReadAtMs = Date.now();
    if (this.#iterator === undefined || Date.now() - this.#iterator.madeAtMs > iteratorLifeMs) {
      this.#iterator = { value: await this.#makeIterator(), madeAtMs: Date.now() };
    }
    const { records, nextIterator } = await source.read(shardId, this.#iterator.value, mapping.batchSize);
    const last = records.at(-1);
    if (last !== undefined) this.#position = { after: last.sequenceNumber };
    if (nextIterator !== undefined && nextIterator !== this.#iterator.value) {
      this.#iterator = { value: nextIterator, madeAtMs: Date.now() };
    }
    const wanted = records.filter((record) => isWanted(record, mapping));
    if (this.#pending.length === 0) {
      this.#pendingSinceMs = Date.now();
      if (wanted.length === 0 && last !== undefined) await checkpoints.set(shardId, last.sequenceNumber);
    }
    this.#pending.push(...wanted);
    return { count: records.length, isAtEnd: nextIterator === undefined };
  }

  /** A position that the engine does not know, from a stream that is no more: all that is there now is read. */
  async #makeIterator(): Promise<string> {
    const { source, shardId, mapping, warn } = this.#options;
    try {
      return await source.iteratorAt(shardId, this.#position);
    } catch (error) {
      if (typeof this.#position === 'string' || !isRefusal(error)) throw error;
      warn(
        `${mapping.target.configuration.name} reads ${mapping.sourceArn} from its beginning: ${messageOf(error)}`,
      );
      this.#position = 'TRIM_HORIZON';
      return source.iteratorAt(shardId, this.#position);
    }
  }

  /** Processes full batches, and what waited for the whole window. True when there was something to do. */
  async #processDue(isAtEnd: boolean): Promise<boolean> {
    const { mapping, signal } = this.#options;
    let isBusy = false;
    while (this.#pending.length > 0 && !signal.aborted) {
      const batch = takeBatch(this.#pending, mapping.batchSize * mapping.parallelizationFactor);
      const isFull = batch.length < this.#pending.length || batch.length >= mapping.batchSize;
      const isDue = isAtEnd || Date.now() - this.#pendingSinceMs >= mapping.batchingWindowMs;
      if (!isFull && !isDue) break;
      await this.#process(batch);
      this.#pending = this.#pending.slice(batch.length);
      isBusy = true;
    }
    return isBusy;
  }

  async #process(batch: readonly StreamRecord[]): Promise<void> {
    const { mapping, checkpoints, shardId, signal } = this.#options;
    if (mapping.parallelizationFactor === 1) {
      const progress = (sequenceNumber: string) => checkpoints.set(shardId, sequenceNumber);
      return new BatchRunner({ ...this.#options, onProgress: progress }).run(batch);
    }
    // Lanes overtake one another: the checkpoint moves when all have arrived.
    const lanes = Object.values(
      Object.groupBy(batch, ({ partitionKey }) => laneOf(partitionKey, mapping.parallelizationFactor)),
    );
    await Promise.all(
      lanes.map(async (lane = []) => {
        for (let rest = lane; rest.length > 0; ) {
          const part = takeBatch(rest, mapping.batchSize);
          await new BatchRunner({ ...this.#options, onProgress: async () => undefined }).run(part);
          rest = rest.slice(part.length);
        }
      }),
    );
    const last = batch.at(-1);
    if (last !== undefined && !signal.aborted) await checkpoints.set(shardId, last.sequenceNumber);
  }

  #recover(error: unknown): void {
    this.#iterator = undefined;
    if (error instanceof AwsError && error.code === 'TrimmedDataAccessException') {
      // DynamoDB Local says so too of the first record of all, which an iterator of the still empty shard misses by one.
      if (typeof this.#position === 'object') {
        this.#options.warn(`${this.#options.mapping.sourceArn} has lost records that were not read yet.`);
      }
      this.#position = 'TRIM_HORIZON';
    }
  }
}

/** An answer that another attempt would get again. */
function isRefusal(error: unknown): boolean {
  return error instanceof AwsError && refusals.has(error.code);
}

function isWanted(record: StreamRecord, { filters }: EventSourceMapping): boolean {
  if (filters.length === 0) return true;
  const subject = record.filterSubject();
  return filters.some((pattern) => matchesPattern(pattern, subject));
}

/** The first records, as many as the bounds of a batch allow and at least one. */
function takeBatch(records: readonly StreamRecord[], size: number): readonly StreamRecord[] {
  let chars = 0;
  const end = records.findIndex((record, index) => {
    chars += record.size;
    return index === size || (index > 0 && chars > batchChars);
  });
  return end === -1 ? records : records.slice(0, end);
}

function laneOf(partitionKey: string, lanes: number): number {
  return createHash('md5').update(partitionKey).digest().readUInt32BE() % lanes;
}
