import { hashOf, type Shard, type ShardedStream, type Stored } from '../services/sharded-stream.ts';
import type { ConsumerName } from '../world/faults.ts';
import type { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';
import { againMs } from './delivery-faults.ts';
import type { Lambda } from './lambda.ts';
import { type GivenUp, Lane, type LaneContext } from './lane.ts';

/** How a stream feeds a function. */
export interface StreamMappingProps<Record> {
  readonly world: World;
  readonly lambda: Lambda;
  readonly stream: Pick<ShardedStream<never, Record>, 'shards' | 'watch'>;
  /** "event stream" */
  readonly streamName: string;
  readonly consumer: ConsumerName;
  readonly batchSize: number;
  /** Time between two looks at a shard, in ms. */
  readonly pollMaxMs: number;
  /** Concurrent batches of one shard. Two of them never have the same partition key. */
  readonly perShard: number;
  /** The place of a record, such as "ledger/acc-1@4". */
  readonly placeOf: (record: Record) => string;
  /** The function gets only these. Default: all. */
  readonly accepts?: (stored: Stored<Record>) => boolean;
}

/** Delivers every record of a stream to one function: each shard in order, and parents before their children. */
export class StreamMapping<Record> {
  readonly givenUp: GivenUp[] = [];
  readonly #props: StreamMappingProps<Record>;
  readonly #context: LaneContext<Record>;
  readonly #random: Random;
  readonly #lanes = new Map<Shard<Record>, readonly Lane<Record>[]>();
  /** Lanes with something left to do after their shard was closed, and those of batches that come again. */
  readonly #ended = new Set<Lane<Record>>();
  readonly #repeats = new Set<Lane<Record>>();
  #repeatCount = 0;

  constructor(props: StreamMappingProps<Record>) {
    this.#props = props;
    const { world, stream, consumer } = props;
    this.#random = world.random.of(`${props.streamName} to ${consumer}`);
    this.#context = {
      ...props,
      givenUp: this.givenUp,
      handled: (lane, batch) => this.#maybeRepeat(lane, batch),
      ended: (lane) => this.#endOf(lane),
    };
    for (const shard of stream.shards) this.#addShard(shard);
    stream.watch({
      added: (shard, stored) => this.#add(shard, stored),
      split: (parent, children) => {
        for (const child of children) this.#addShard(child);
        for (const lane of this.#lanesOf(parent)) lane.close();
      },
    });
  }

  /** Nothing is undelivered, in flight or waiting. */
  get isDrained(): boolean {
    if (this.#repeats.size > 0) return false;
    for (const lanes of this.#lanes.values()) {
      for (const lane of lanes) if (!lane.isDrained) return false;
    }
    return true;
  }

  /** What waits, a sentence each. */
  describe(): readonly string[] {
    return [...[...this.#lanes.values()].flat(), ...this.#repeats].flatMap((lane) => lane.describe() ?? []);
  }

  /** Looks again whether the consumer is paused. */
  recheck(): void {
    for (const lane of [...[...this.#lanes.values()].flat(), ...this.#repeats]) lane.recheck();
  }

  #lanesOf(shard: Shard<Record>): readonly Lane<Record>[] {
    const lanes = this.#lanes.get(shard);
    if (lanes === undefined) throw new Error(`${shard.id} is not known.`);
    return lanes;
  }

  #addShard(shard: Shard<Record>): void {
    const { perShard, streamName } = this.#props;
    const number = Number(shard.id.slice('shardId-'.length));
    const lanes = Array.from({ length: perShard }, (_, part) => {
      const suffix = perShard === 1 ? '' : `/${part}`;
      const name = `shard ${number}${suffix} of the ${streamName}`;
      return new Lane(name, this.#context, this.#random.of(`${number}/${part}`));
    });
    this.#lanes.set(shard, lanes);
    for (const stored of shard.records) this.#add(shard, stored);
    if (this.#isReadToItsEnd(shard.parent)) for (const lane of lanes) lane.start();
    if (shard.isClosed) for (const lane of lanes) lane.close();
  }

  #add(shard: Shard<Record>, stored: Stored<Record>): void {
    const { accepts, perShard } = this.#props;
    if (accepts && !accepts(stored)) return;
    const lanes = this.#lanesOf(shard);
    lanes[perShard === 1 ? 0 : hashOf(stored.partitionKey) % perShard]?.add(stored);
  }

  #isReadToItsEnd(shard: Shard<Record> | undefined): boolean {
    return shard === undefined || this.#lanesOf(shard).every((lane) => this.#ended.has(lane));
  }

  /** When all lanes of a shard have ended, its children begin. */
  #endOf(lane: Lane<Record>): void {
    if (this.#repeats.delete(lane)) return;
    this.#ended.add(lane);
    const [parent] = [...this.#lanes].find(([, lanes]) => lanes.includes(lane)) ?? [];
    if (parent === undefined || !this.#isReadToItsEnd(parent)) return;
    const children = [...this.#lanes].filter(([shard]) => shard.parent === parent);
    for (const [, lanes] of children) for (const child of lanes) child.start();
  }

  /**
   * The poller loses its place: a batch that was handled comes again, perhaps while later ones are handled. Half of the time
   * everything comes again that was handled since.
   */
  #maybeRepeat(lane: Lane<Record>, batch: readonly Stored<Record>[]): void {
    const last = batch.at(-1);
    if (last === undefined || this.#repeats.has(lane)) return;
    const { world, consumer } = this.#props;
    const waitMs = againMs(world, consumer, this.#random);
    if (waitMs === undefined) return;
    this.#repeatCount += 1;
    const hasLater = this.#random.chance(0.5);
    const name = `${lane.name}, once more`;
    const repeat = new Lane(name, this.#context, this.#random.of(`repeat ${this.#repeatCount}`));
    this.#repeats.add(repeat);
    for (const stored of batch) repeat.add(stored);
    world.time.after(waitMs, () => {
      if (hasLater) for (const stored of lane.handledAfter(last)) repeat.add(stored);
      repeat.close();
      repeat.start();
    });
  }
}
