import { setTimeout as delay } from 'node:timers/promises';
import { type KinesisClient, PutRecordsCommand, type PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import { type Commit, categoryOfStream, type ShardProgress } from '../kernel/index.ts';
import { chunks } from './chunks.ts';
import { encodeCommit } from './published-commit.ts';

/** What one PutRecords call takes: 500 records, 5 MiB with the partition keys. */
const putMaxRecords = 500;
const putMaxBytes = 5 * 1024 * 1024;
/** Refused entries are sent again so often, after a random wait that doubles from this bound. */
const maxTries = 6;
const firstWaitMs = 50;

/** Where a commit has come to in the event stream. */
export interface Position extends ShardProgress {
  readonly category: string;
}

export interface PublishResult {
  /** The commits that Kinesis did not take, in the order they came in. */
  readonly failed: readonly Commit[];
  /** What the last call that failed as a whole said, where one did. */
  readonly error: unknown;
  /** The farthest position of this batch for each category in each shard. */
  readonly positions: readonly Position[];
}

interface Entry {
  readonly commit: Commit;
  readonly record: PutRecordsRequestEntry;
  readonly bytes: number;
}

/** Publishes commits to the event stream, one record a commit. Needs `kinesis:PutRecords`. */
export class KinesisPublisher {
  readonly #client: KinesisClient;
  readonly #streamName: string;

  constructor(client: KinesisClient, streamName: string) {
    this.#client = client;
    this.#streamName = streamName;
  }

  /**
   * Publishes commits; Kinesis may take some and refuse others, of which just the refused are tried again.
   * No order is promised: consumers tell it from the versions. A call that fails as a whole counts as all refused.
   */
  async publish(commits: readonly Commit[]): Promise<PublishResult> {
    let rest = commits.map(toEntry);
    let error: unknown;
    const positions = new Map<string, Position>();
    for (let tries = 1; rest.length > 0 && tries <= maxTries; tries += 1) {
      if (tries > 1) await delay(Math.random() * firstWaitMs * 2 ** tries);
      const refused: Entry[] = [];
      for (const chunk of chunks(rest, putMaxRecords, putMaxBytes)) {
        try {
          refused.push(...(await this.#put(chunk, positions)));
        } catch (thrown) {
          error = thrown;
          refused.push(...chunk);
        }
      }
      rest = refused;
    }
    return { failed: rest.map(({ commit }) => commit), error, positions: [...positions.values()] };
  }

  /** Sends one call; answers the entries that were refused, and takes note of where the others went. */
  async #put(entries: readonly Entry[], positions: Map<string, Position>): Promise<readonly Entry[]> {
    const { Records = [] } = await this.#client.send(
      new PutRecordsCommand({ StreamName: this.#streamName, Records: entries.map(({ record }) => record) }),
    );
    return entries.filter(({ commit }, index) => {
      const { ShardId: shardId, SequenceNumber: sequenceNumber } = Records[index] ?? {};
      if (shardId === undefined || sequenceNumber === undefined) return true;
      const category = categoryOfStream(commit.stream);
      const key = `${category} ${shardId}`;
      const farthest = positions.get(key);
      if (farthest === undefined || BigInt(sequenceNumber) > BigInt(farthest.sequenceNumber)) {
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
