import type { QueueName } from '../../../schema/contexts.ts';
import type { SimulatedKinesis } from '../services/kinesis.ts';
import type { LogStream } from '../services/log-stream.ts';
import type { Message } from '../services/queue.ts';
import type { SimulatedQueues } from '../services/queues.ts';
import type { Shard, ShardedStream } from '../services/sharded-stream.ts';
import type { World } from '../world/world.ts';
import type { Lambda } from './lambda.ts';
import type { GivenUp } from './lane.ts';
import { placeInEventStream, placeInLog, placeOfMessage } from './places.ts';
import { QueueMapping } from './queue-mapping.ts';
import { projectorFeeds, publisherFeed, queueFeeds } from './settings.ts';
import { StreamMapping } from './stream-mapping.ts';

/** What {@link Delivery} is made from. */
export interface DeliveryProps {
  readonly world: World;
  readonly lambda: Lambda;
  readonly logStream: LogStream;
  readonly kinesis: SimulatedKinesis;
  readonly queues: SimulatedQueues;
  /** Concurrent batches of one shard for each projector. Default: 1. */
  readonly projectorsPerShard?: number;
  /** Each projector gets only the commits of its own context. Default: false, as in all stages. */
  readonly eventFilters?: boolean;
}

type Mapping = Pick<QueueMapping, 'isDrained' | 'describe' | 'recheck'>;

/** All event source mappings of the system: streams and queues feed its functions. */
export class Delivery {
  readonly #props: DeliveryProps;
  readonly #streams: readonly (Mapping & { readonly givenUp: readonly GivenUp[] })[];
  readonly #mappings: readonly Mapping[];

  /** Begins to deliver. */
  constructor(props: DeliveryProps) {
    this.#props = props;
    const { world, lambda, queues } = props;
    this.#streams = [this.#publisher(), ...projectorFeeds.map((feed) => this.#projector(feed))];
    const fromQueues = queueFeeds.map((feed) => {
      const queue = queues.queue(feed.queue);
      return new QueueMapping({ world, lambda, queue, feed, placeOf: placeOfMessage });
    });
    this.#mappings = [...this.#streams, ...fromQueues];
    this.#planSplits();
  }

  /** Nothing is undelivered, in flight or waiting, in streams and queues. Dead letters do not count. */
  get isDrained(): boolean {
    return this.#mappings.every(({ isDrained }) => isDrained);
  }

  /** What still waits, a sentence each. */
  describe(): readonly string[] {
    return this.#mappings.flatMap((mapping) => mapping.describe());
  }

  /** Looks again which consumers are paused. Call it after the faults have ended. */
  recheck(): void {
    for (const mapping of this.#mappings) mapping.recheck();
  }

  /** Records of streams that were given up because they were too old. */
  get givenUp(): readonly GivenUp[] {
    return this.#streams.flatMap(({ givenUp }) => givenUp);
  }

  /** Messages that failed too often, with their queue. */
  get deadLetters(): readonly { readonly queue: QueueName; readonly message: Message }[] {
    return this.#props.queues.all.flatMap(({ name, deadLetters }) =>
      deadLetters.map((message) => ({ queue: name as QueueName, message })),
    );
  }

  #publisher() {
    const { world, lambda, logStream } = this.#props;
    return new StreamMapping({
      ...{ world, lambda, stream: logStream.stream },
      ...{ streamName: 'log', perShard: 1, placeOf: placeInLog, ...publisherFeed },
    });
  }

  #projector({ context, ...feed }: (typeof projectorFeeds)[number]) {
    const { world, lambda, kinesis, projectorsPerShard = 1, eventFilters = false } = this.#props;
    return new StreamMapping({
      ...{ world, lambda, stream: kinesis.stream },
      ...{ streamName: 'event stream', perShard: projectorsPerShard, placeOf: placeInEventStream },
      ...feed,
      ...(eventFilters && {
        accepts: ({ partitionKey }: { readonly partitionKey: string }) =>
          partitionKey.startsWith(`${context}/`),
      }),
    });
  }

  /** Splits shards when the plan says so. */
  #planSplits(): void {
    const { world, logStream, kinesis } = this.#props;
    for (const fault of world.faults.ofKind('shard-split')) {
      world.time.after(fault.fromMs - world.elapsedMs, () => {
        if (fault.stream === 'log') splitOne(world, logStream.stream, 'log');
        else splitOne(world, kinesis.stream, 'event stream');
      });
    }
  }
}

/** Splits an open shard, at random. */
function splitOne<Content, Record>(
  { random, faults, trace, elapsedMs }: World,
  stream: ShardedStream<Content, Record>,
  name: string,
): void {
  const shard: Shard<Record> = random.of(`split at ${elapsedMs}`).pick(stream.openShards);
  stream.split(shard);
  faults.strike('shard-split');
  const numberOf = ({ id }: Shard<Record>) => Number(id.slice('shardId-'.length));
  const [first, second] = stream.shards.slice(-2).map(numberOf);
  trace.say(name, () => `splits shard ${numberOf(shard)} into ${first} and ${second}`);
}
