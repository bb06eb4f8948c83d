import { type KinesisClient, PutRecordsCommand, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import {
  type Commit,
  categoryOfStream,
  type Effects,
  type EventStreamPublisher,
  type StreamPosition,
  type StreamSendResult,
} from '../kernel/index.ts';
import { encodeCommit } from './published-commit.ts';
import { type Message, sendInCalls } from './send-in-calls.ts';

/** What one PutRecords call accepts: 500 records, and 5 MiB including the partition keys. */
const limits = { maxParts: 500, maxBytes: 5 * 1024 * 1024 };

interface Entry extends Message {
  readonly record: PutRecordsRequestEntry;
}

/** Publishes commits to the event stream, one record per commit. Needs `kinesis:PutRecords`. */
export class KinesisPublisher implements EventStreamPublisher {
  readonly #client: KinesisClient;
  readonly #streamName: string;
  readonly #effects: Pick<Effects, 'delay' | 'random'>;

  constructor(client: KinesisClient, streamName: string, effects: Pick<Effects, 'delay' | 'random'>) {
    this.#client = client;
    this.#streamName = streamName;
    this.#effects = effects;
  }

  /**
   * Publishes commits. Kinesis may refuse some records of a call: only those are sent again. The order in the stream is
   * not guaranteed: consumers use the versions.
   */
  async publish(commits: readonly Commit[]): Promise<StreamSendResult> {
    const positions = new Map<string, StreamPosition>();
    const result = await sendInCalls(commits.map(toEntry), {
      limits,
      maxConcurrentCalls: 1,
      send: async (entries) => ({ refused: await this.#put(entries, positions) }),
      effects: this.#effects,
    });
    return { ...result, positions: [...positions.values()] };
  }

  /** Makes one call. Returns the refused entries, and adds the positions of the others to `positions`. */
  async #put(entries: readonly Entry[], positions: Map<string, StreamPosition>): Promise<readonly Entry[]> {
    const { Records = [] } = await this.#client.send(
      new PutRecordsCommand({ StreamName: this.#streamName, Records: entries.map(({ record }) => record) }),
    );
    return entries.filter(({ commit }, index) => {
      const { ShardId: shardId, SequenceNumber: sequenceNumber } = Records[index] ?? {};
      if (shardId === undefined || sequenceNumber === undefined) return true;
      const category = categoryOfStream(commit.stream);
      const key = `${category} ${shardId}`;
      const last = positions.get(key);
      if (last === undefined || BigInt(sequenceNumber) > BigInt(last.sequenceNumber)) {
        positions.set(key, { category, shardId, sequenceNumber, committedAt: commit.committedAt });
      }
      return false;
    });
  }
}

function toEntry(commit: Commit): Entry {
  const data = Buffer.from(encodeCommit(commit));
  return {
    commit,
    record: { PartitionKey: commit.stream, Data: data },
    bytes: data.length + Buffer.byteLength(commit.stream),
  };
}
