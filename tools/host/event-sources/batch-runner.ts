import { messageOf } from '../user-error.ts';
import { backoffMs, pause } from './backoff.ts';
import type { GivenUp } from './failure-destination.ts';
import type { EventSourceMapping } from './mapping.ts';
import { type BatchOutcome, invokeWithBatch } from './outcome.ts';
import { eventOf, type StreamRecord } from './stream-source.ts';

const firstRetryMs = 100;
/** Short, so that a destination that works again is served within seconds, however long it was away. */
const longestRetryMs = 2_000;

type Records = readonly StreamRecord[];

export interface BatchRunnerOptions {
  mapping: EventSourceMapping;
  shardId: string;
  signal: AbortSignal;
  /** Called with the sequence number of the last record that is done, in order. */
  onProgress: (sequenceNumber: string) => Promise<void>;
  /** Called with records that are not tried again. */
  onGivenUp: (givenUp: GivenUp) => Promise<void>;
  warn: (line: string) => void;
  /** Waits before a retry. Default: {@link pause}. */
  wait?: typeof pause | undefined;
}

/**
 * Invokes a function with a batch of one shard, in order, as AWS documents it. When the function names failed records,
 * those before the first of them are done. Any other failure splits the batch if the mapping allows it.
 * Otherwise the batch is retried, within the limits of the mapping. A split does not count as a retry. Ends early when `signal` aborts.
 */
export class BatchRunner {
  readonly #options: BatchRunnerOptions;

  constructor(options: BatchRunnerOptions) {
    this.#options = options;
  }

  async run(records: Records): Promise<void> {
    const { mapping, signal, onProgress, wait = pause } = this.#options;
    let rest = await this.#withoutExpired(records);
    for (let failures = 0, throttles = 0; rest.length > 0 && !signal.aborted; ) {
      const outcome = await this.#invoke(rest);
      const done = doneBefore(rest, outcome);
      if (done > 0) {
        await onProgress(sequenceNumberAt(rest, done - 1));
        rest = rest.slice(done);
        failures = 0;
        continue;
      }
      if (outcome.kind === 'done') return;
      if (signal.aborted) return; // The stop of the host may be the cause: the next start tries again.
      if (outcome.kind === 'throttled') {
        await wait(backoffMs(++throttles, firstRetryMs, longestRetryMs), signal);
        continue;
      }
      failures++;
      if (mapping.bisects && rest.length > 1) {
        const middle = Math.ceil(rest.length / 2);
        await this.run(rest.slice(0, middle));
        await this.run(rest.slice(middle));
        return;
      }
      if (failures > mapping.maximumRetryAttempts) {
        await this.#giveUp('RetryAttemptsExhausted', rest, failures, outcome);
        return;
      }
      await wait(backoffMs(failures, firstRetryMs, longestRetryMs), signal);
      rest = await this.#withoutExpired(rest);
    }
  }

  #invoke(records: Records): Promise<BatchOutcome> {
    const ids = new Set(records.map(({ sequenceNumber }) => sequenceNumber));
    return invokeWithBatch(this.#options.mapping.target, eventOf(records), ids, this.#countOf(records));
  }

  /** Gives up the records at the front that are too old. */
  async #withoutExpired(records: Records): Promise<Records> {
    const oldestMs = Date.now() - this.#options.mapping.maximumRecordAgeMs;
    const firstFresh = records.findIndex(({ arrivedAtMs }) => arrivedAtMs >= oldestMs);
    const expired = firstFresh === -1 ? records : records.slice(0, firstFresh);
    if (expired.length > 0) await this.#giveUp('RecordAgeExceeded', expired, 0);
    return records.slice(expired.length);
  }

  async #giveUp(
    condition: GivenUp['condition'],
    records: Records,
    invokeCount: number,
    outcome?: BatchOutcome,
  ): Promise<void> {
    const { shardId, onGivenUp, onProgress } = this.#options;
    const result = outcome !== undefined && 'result' in outcome ? { result: outcome.result } : {};
    this.#warn(`gave up ${this.#countOf(records)}: ${condition}`);
    try {
      await onGivenUp({ condition, shardId, records, invokeCount, ...result });
    } catch (error) {
      this.#warn(`lost them: the failure destination refuses them (${messageOf(error)})`);
    }
    await onProgress(sequenceNumberAt(records, records.length - 1));
  }

  #countOf(records: Records): string {
    return `${records.length} records of ${this.#options.shardId}`;
  }

  #warn(what: string): void {
    this.#options.warn(`${this.#options.mapping.target.configuration.name} ${what}`);
  }
}

/** The number of records at the front of a batch that are done. */
function doneBefore(records: Records, outcome: BatchOutcome): number {
  if (outcome.kind === 'done') return records.length;
  if (outcome.kind !== 'partial') return 0;
  return records.findIndex(({ sequenceNumber }) => outcome.failedItems.has(sequenceNumber));
}

function sequenceNumberAt(records: Records, index: number): string {
  return records[index]?.sequenceNumber ?? '';
}
