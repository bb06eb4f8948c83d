import { type KinesisClient, PutRecordsCommand, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import {
  type Commit,
  type CommitPublisher,
  categoryOfStream,
  type Effects,
  ownTraceparent,
  type SendResult,
  type StreamPosition,
} from '../kernel/index.ts';
import { encodeCommit, publishedMaxBytes } from './published-commit.ts';
import { type CallResult, joined, type Message, notAccepted, sendInCalls } from './send-in-calls.ts';

/** What one PutRecords call accepts: 500 records, and 5 MiB including the partition keys. */
const limits = { maxParts: 500, maxBytes: 5 * 1024 * 1024 };

interface Entry extends Message {
  readonly record: PutRecordsRequestEntry;
}

/** Publishes commits to the event stream, one record per commit. Needs `kinesis:PutRecords`. */
export class KinesisPublisher implements CommitPublisher {
  readonly #client: KinesisClient;
  readonly #streamName: string;
  readonly #effects: Pick<Effects, 'now' | 'delay' | 'random'>;

  constructor(client: KinesisClient, streamName: string, effects: Pick<Effects, 'now' | 'delay' | 'random'>) {
    this.#client = client;
    this.#streamName = streamName;
    this.#effects = effects;
  }

  /**
   * Publishes commits. Kinesis may refuse some records of a call: only those are sent again. The order in the stream is
   * not guaranteed: consumers use the versions.
   */
  async publish(
    commits: readonly Commit[],
    maxAttempts: number,
    traceparentOf = ownTraceparent,
  ): Promise<SendResult> {
    const positions = new Map<string, StreamPosition>();
    const all = commits.map((commit) => toEntry(commit, traceparentOf(commit)));
    const result = await sendInCalls(all, {
      limits,
      maxConcurrentCalls: 1,
      maxAttempts,
      send: (entries) => this.#put(entries, positions),
      effects: this.#effects,
    });
    return { ...result, positions: [...positions.values()] };
  }

  /** Makes one call. Adds the positions of the accepted entries to `positions`. */
  async #put(entries: readonly Entry[], positions: Map<string, StreamPosition>): Promise<CallResult<Entry>> {
    const { Records = [] } = await this.#client.send(
      new PutRecordsCommand({ StreamName: this.#streamName, Records: entries.map(({ record }) => record) }),
    );
    const results = entries.map((entry, index): CallResult<Entry> => {
      const { ShardId: shardId, SequenceNumber: sequenceNumber, ErrorCode } = Records[index] ?? {};
      if (shardId === undefined || sequenceNumber === undefined) return notAccepted(entry, ErrorCode);
      const { stream, committedAt } = entry.commit;
      reach(positions, { category: categoryOfStream(stream), shardId, sequenceNumber, committedAt });
      return { deferred: [], refused: [] };
    });
    return joined(results);
  }
}

/** Keeps the last position of each category in each shard. */
function reach(positions: Map<string, StreamPosition>, reached: StreamPosition): void {
  const key = `${reached.category} ${reached.shardId}`;
  const last = positions.get(key);
  if (last === undefined || BigInt(reached.sequenceNumber) > BigInt(last.sequenceNumber)) {
    positions.set(key, reached);
  }
}

function toEntry(commit: Commit, traceparent: string | undefined): Entry {
  const data = Buffer.from(encodeCommit(commit, publishedMaxBytes, traceparent), 'ascii');
  return {
    commit,
    record: { PartitionKey: commit.stream, Data: data },
    bytes: data.length + Buffer.byteLength(commit.stream),
  };
}
