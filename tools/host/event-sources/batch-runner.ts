import { messageOf } from '../user-error.ts';
import { backoffMs, pause } from './backoff.ts';
import type { GivenUp } from './failure-destination.ts';
import type { EventSourceMapping } from './mapping.ts';
import { type BatchOutcome, invokeWithBatch } from './outcome.ts';
import { eventOf, type StreamRecord } from './stream-source.ts';

const firstRetryMs = 100;
const longestRetryMs = 5_000;

type Records = readonly StreamRecord[];

export interface BatchRunnerOptions {
  mapping: EventSourceMapping;
  shardId: string;
  signal: AbortSignal;
  /** Called with the last of the records that are done with, in order. */
  onProgress: (sequenceNumber: string) => Promise<void>;
  /** Records that are not tried again. */
  onGivenUp: (givenUp: GivenUp) => Promise<void>;
  warn: (line: string) => void;
}

/**
 * Gets a batch of one shard through its function, in order, as AWS documents it: a failure that names its first record
 * leaves those before it done; other failures split the batch, when asked to, and repeat it, up to the bounds.
 * Splitting does not count as a repetition. Ends early when `signal` aborts.
 */
export class BatchRunner {
  readonly #options: BatchRunnerOptions;

  constructor(options: BatchRunnerOptions) {
    this.#options = options;
  }

  async run(records: Records): Promise<void> {
    const { mapping, signal, onProgress } = this.#options;
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
      if (signal.aborted) return; // The failure may be that the host stops: the next start tries again.
      if (outcome.kind === 'throttled') {
        await pause(backoffMs(++throttles, firstRetryMs, longestRetryMs), signal);
        continue;
      }
      failures++;
      if (mapping.bisects && rest.length > 1) {
        const middle = Math.ceil(rest.length / 2);
        await this.run(rest.slice(0, middle));
        await this.run(rest.slice(middle));
        return;
      }
      if (failures > (mapping.maximumRetryAttempts ?? Number.POSITIVE_INFINITY)) {
        await this.#giveUp('RetryAttemptsExhausted', rest, failures, outcome);
        return;
      }
      await pause(backoffMs(failures, firstRetryMs, longestRetryMs), signal);
      rest = await this.#withoutExpired(rest);
    }
  }

  async #invoke(records: Records): Promise<BatchOutcome> {
    const { mapping, shardId, warn } = this.#options;
    const ids = new Set(records.map(({ sequenceNumber }) => sequenceNumber));
    const outcome = await invokeWithBatch(mapping, eventOf(records), ids);
    if (outcome.kind === 'failed') {
      const reason = outcome.result.payload.slice(0, 300);
      warn(
        `${mapping.target.configuration.name} failed on ${records.length} records of ${shardId}: ${reason}`,
      );
    }
    return outcome;
  }

  /** Gives up the records at the front that have become too old. */
  async #withoutExpired(records: Records): Promise<Records> {
    const { maximumRecordAgeMs } = this.#options.mapping;
    if (maximumRecordAgeMs === undefined) return records;
    const oldestMs = Date.now() - maximumRecordAgeMs;
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
    const { mapping, shardId, onGivenUp, onProgress, warn } = this.#options;
    const result = outcome !== undefined && 'result' in outcome ? { result: outcome.result } : {};
    warn(
      `${mapping.target.configuration.name} gave up ${records.length} records of ${shardId}: ${condition}`,
    );
    try {
      await onGivenUp({ condition, shardId, records, invokeCount, ...result });
    } catch (error) {
      warn(
        `The failure destination of ${mapping.target.configuration.name} was not told: ${messageOf(error)}`,
      );
    }
    await onProgress(sequenceNumberAt(records, records.length - 1));
  }
}

/** How many records at the front of a batch are done. */
function doneBefore(records: Records, outcome: BatchOutcome): number {
  if (outcome.kind === 'done') return records.length;
  if (outcome.kind !== 'partial') return 0;
  return records.findIndex(({ sequenceNumber }) => outcome.failedItems.has(sequenceNumber));
}

function sequenceNumberAt(records: Records, index: number): string {
  return records[index]?.sequenceNumber ?? '';
}
