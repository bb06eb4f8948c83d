import type { DynamoDBRecord, KinesisStreamRecord, SQSRecord } from 'aws-lambda';
import { SimulatedKinesis } from '../services/kinesis.ts';
import { SimulatedKms } from '../services/kms.ts';
import { LogStream } from '../services/log-stream.ts';
import { SimulatedQueues } from '../services/queues.ts';
import type { Compose, Handler } from '../system/handler.ts';
import type { Fault, FunctionName } from '../world/faults.ts';
import type { Instance } from '../world/instance.ts';
import { World } from '../world/world.ts';
import { Delivery, type DeliveryProps } from './delivery.ts';
import { Lambda, type LambdaProps } from './lambda.ts';
import { workQueues } from './settings.ts';

type AnyRecord = DynamoDBRecord | KinesisStreamRecord | SQSRecord;

/** A batch that a function got. */
export interface Got {
  readonly who: string;
  readonly atMs: number;
  readonly places: readonly string[];
}

/** What a function does with a batch. Default: it has handled all of it. */
export type Behaviour = (
  batch: { readonly records: readonly AnyRecord[]; readonly places: readonly string[] },
  instance: Instance,
) => unknown;

/** What {@link deliveryOf} is made from. */
export interface FixtureProps {
  readonly seed?: number;
  readonly faults?: readonly Fault[];
  readonly shards?: number;
  readonly functions?: Readonly<Partial<Record<FunctionName, Behaviour>>>;
  readonly delivery?: Pick<DeliveryProps, 'projectorsPerShard' | 'eventFilters'>;
  readonly maxInstances?: LambdaProps['maxInstances'];
}

/** A simulated delivery to functions that record what they get. */
export function deliveryOf({
  seed = 1,
  faults = [],
  shards = 1,
  functions = {},
  delivery: settings = {},
  maxInstances = {},
}: FixtureProps = {}) {
  const logStream = new LogStream({ table: 'log', shards });
  const kinesis = new SimulatedKinesis({ streamName: 'events', shards });
  const queues = new SimulatedQueues(workQueues);
  const dynamodb = { execute: () => ({}) };
  const services = { dynamodb, kinesis, sqs: queues, kms: new SimulatedKms() };
  const world = new World({ seed, faults, isTraced: true, services });
  const got: Got[] = [];
  const composeOf = (name: FunctionName): Compose => composing(functions[name], got);
  const names = [
    ...(['publisher', 'ledger-projector', 'metrics-projector', 'dispense-projector'] as const),
    ...(['person-projector', 'api'] as const),
    ...(['todo-projector', 'segment-sealer', 'prescription-recorder', 'metrics-sweeper'] as const),
    'prescription-analyzer' as const,
  ];
  const compose = Object.fromEntries(names.map((name) => [name, composeOf(name)]));
  const lambda = new Lambda({ world, compose, maxInstances });
  const delivery = new Delivery({ world, lambda, logStream, kinesis, queues, ...settings });
  return {
    ...{ world, lambda, delivery, logStream, kinesis, queues, got },
    /** What a function got, in order. */
    gotBy: (name: FunctionName) => got.filter(({ who }) => who.startsWith(`${name}#`)),
    /** Runs until no timer is left. */
    run: async () => {
      await world.time.run(() => false);
    },
    /** Appends a commit to the log. */
    append: (stream: string, version: number) => {
      const key = { stream: { S: stream }, version: { N: String(version) } };
      logStream.onChange({ table: 'log', key, after: key, nowMs: world.time.nowMs });
    },
    /** Publishes commits to the event stream. */
    publish: (...places: readonly string[]) =>
      kinesis.execute(
        'PutRecords',
        {
          StreamName: 'events',
          Records: places.map((place) => ({ PartitionKey: place.split('@')[0], Data: dataOf(place) })),
        },
        { nowMs: world.time.nowMs, staleMs: () => 0 },
      ),
    /** Sends a message to a queue. */
    send: (queue: string, place: string) =>
      queues.queue(queue).send({ body: textOf(place), nowMs: world.time.nowMs }),
  };
}

function composing(behaviour: Behaviour | undefined, got: Got[]): Compose {
  return (instance): Handler =>
    async (event) => {
      const records = (event as { readonly Records?: readonly AnyRecord[] }).Records ?? [];
      const places = records.map(placeOf);
      got.push({ who: instance.name, atMs: instance.world.elapsedMs, places });
      await instance.effects.delay(5);
      return behaviour?.({ records, places }, instance);
    };
}

function textOf(place: string): string {
  const [subject, version] = place.split('@');
  return JSON.stringify({ events: [{ subject, commitversion: Number(version) }] });
}

function dataOf(place: string): Uint8Array {
  return Buffer.from(textOf(place));
}

function placeOf(record: AnyRecord): string {
  if ('dynamodb' in record)
    return `${record.dynamodb?.Keys?.['stream']?.S}@${record.dynamodb?.Keys?.['version']?.N}`;
  const text =
    'kinesis' in record ? Buffer.from(record.kinesis.data, 'base64').toString() : (record as SQSRecord).body;
  const [event] = JSON.parse(text).events;
  return `${event.subject}@${event.commitversion}`;
}

/** The answer that names what failed. */
export function failures(...identifiers: readonly (string | undefined)[]): object {
  return { batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) };
}
