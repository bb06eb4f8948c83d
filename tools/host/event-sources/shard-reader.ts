import { AwsError } from '../aws-error.ts';
import { messageOf } from '../user-error.ts';
import { backoffMs, pause } from './backoff.ts';
import { BatchRunner } from './batch-runner.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { GivenUp } from './failure-destination.ts';
import { matchesPattern } from './filter.ts';
import type { EventSourceMapping } from './mapping.ts';
import type { StreamRecord, StreamSource } from './stream-source.ts';
import type { WakeSignal } from './wake-signal.ts';

const shortestPollMs = 10;
const longestPollMs = 200;
const longestErrorPauseMs = 5_000;
/** Iterators expire after five minutes. */
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
  checkpoints: Checkpoints;
  wakeSignal: WakeSignal;
  signal: AbortSignal;
  onGivenUp: (givenUp: GivenUp) => Promise<void>;
  warn: (line: string) => void;
}

/** Reads one shard from its checkpoint to its end, batch by batch. */
export class ShardReader {
  readonly #options: ShardReaderOptions;
  /** The sequence number of the last record that is done; undefined at the beginning of the shard. */
  #after: string | undefined;
  #iterator: { value: string; madeAtMs: number } | undefined;

  constructor(options: ShardReaderOptions) {
    this.#options = options;
    this.#after = options.checkpoints.after(options.shardId);
  }

  /** Resolves at the end of the shard, or when the signal aborts. */
  async run(): Promise<void> {
    const { signal, wakeSignal, warn, mapping } = this.#options;
    for (let idle = 0, errors = 0; !signal.aborted; ) {
      const readAtMs = Date.now();
      try {
        const { records, isAtEnd } = await this.#read();
        errors = 0;
        await this.#processAll(records);
        // After the processing: records whose processing throws are read again.
        this.#after = records.at(-1)?.sequenceNumber ?? this.#after;
        if (isAtEnd) return;
        idle = records.length > 0 ? 0 : idle + 1;
        await wakeSignal.wait(backoffMs(idle + 1, shortestPollMs, longestPollMs), signal);
        await pause(Math.max(0, readAtMs + shortestPollMs - Date.now()), signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#recover(error);
        if (++errors === 2) warn(`Reading ${mapping.sourceArn} fails: ${messageOf(error)}`);
        await pause(backoffMs(errors, longestPollMs, longestErrorPauseMs), signal);
      }
    }
  }

  async #read(): Promise<{ records: readonly StreamRecord[]; isAtEnd: boolean }> {
    const { source, shardId, mapping } = this.#options;
    if (this.#iterator === undefined || Date.now() - this.#iterator.madeAtMs > iteratorLifeMs) {
      this.#iterator = { value: await this.#makeIterator(), madeAtMs: Date.now() };
    }
    const { records, nextIterator } = await source.read(shardId, this.#iterator.value, mapping.batchSize);
    if (nextIterator !== undefined && nextIterator !== this.#iterator.value) {
      this.#iterator = { value: nextIterator, madeAtMs: Date.now() };
    }
    return { records, isAtEnd: nextIterator === undefined };
  }

  /** When the engine refuses the position, it belongs to an earlier stream: reading starts at the beginning. */
  async #makeIterator(): Promise<string> {
    const { source, shardId, mapping, warn } = this.#options;
    try {
      return await source.iteratorAt(shardId, this.#after);
    } catch (error) {
      if (this.#after === undefined || !isRefusal(error)) throw error;
      const { name } = mapping.target.configuration;
      warn(`${name} reads ${mapping.sourceArn} from its beginning: ${messageOf(error)}`);
      this.#after = undefined;
      return source.iteratorAt(shardId, undefined);
    }
  }

  /** Processes the records that match the filters, and moves the checkpoint past all of them. */
  async #processAll(records: readonly StreamRecord[]): Promise<void> {
    const { mapping, checkpoints, shardId, signal } = this.#options;
    const onProgress = (sequenceNumber: string) => checkpoints.set(shardId, sequenceNumber);
    const runner = new BatchRunner({ ...this.#options, onProgress });
    const wanted = records.filter((record) => isWanted(record, mapping));
    for (const batch of batchesOf(wanted)) {
      await runner.run(batch);
      if (signal.aborted) return;
    }
    const last = records.at(-1);
    if (last !== undefined && last !== wanted.at(-1)) await onProgress(last.sequenceNumber);
  }

  #recover(error: unknown): void {
    this.#iterator = undefined;
    if (error instanceof AwsError && error.code === 'TrimmedDataAccessException') {
      // DynamoDB Local also answers this when an iterator of the empty shard misses the very first record by one.
      if (this.#after !== undefined) {
        this.#options.warn(`${this.#options.mapping.sourceArn} has lost records that were not read yet.`);
      }
      this.#after = undefined;
    }
  }
}

/** Whether another attempt would get the same answer. */
function isRefusal(error: unknown): boolean {
  return error instanceof AwsError && refusals.has(error.code);
}

function isWanted({ filtered }: StreamRecord, { filters }: EventSourceMapping): boolean {
  if (filters.length === 0) return true;
  const value = filtered();
  return filters.some((pattern) => matchesPattern(pattern, value));
}

/** Splits the records of one read into batches, in order. Each is as large as Lambda allows, with at least one record. */
function* batchesOf(records: readonly StreamRecord[]): Generator<readonly StreamRecord[]> {
  let start = 0;
  let chars = 0;
  for (const [index, { size }] of records.entries()) {
    if (index > start && chars + size > batchChars) {
      yield records.slice(start, index);
      start = index;
      chars = 0;
    }
    chars += size;
  }
  if (start < records.length) yield records.slice(start);
}
