import { InternalServerError, ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import { ProvisionedThroughputExceededException as KinesisThrottled } from '@aws-sdk/client-kinesis';
import { KMSInternalException } from '@aws-sdk/client-kms';
import { RequestThrottled } from '@aws-sdk/client-sqs';
import type { ArrivedRequest, Caller } from './caller.ts';
import type { ServiceName } from './faults.ts';

/**
 * A request arrives this long after it was sent, at most, in ms. An append is cut off after 1.5 s and must have ended after 2 s
 * (`appendMaxMs`), so what was cut off has half a second.
 */
export const requestMaxMs = 450;
/** A slow answer takes up to this long, in ms: longer than the time limit of an append, shorter than that of a request. */
const slowAnswerMaxMs = 2_600;
/** A client gives up a connection after this time, in ms. */
const lostAfterMs = 3_000;

/** What becomes of one request. */
export interface Fate extends ArrivedRequest {
  readonly requestMs: number;
  readonly responseMs: number;
  /** What the client gets instead of the answer. */
  readonly error?: Error | undefined;
  /** Only with `error`: the service carries the request out. */
  readonly isCarriedOut: boolean;
  readonly killsBefore: boolean;
  readonly killsUnderWay: boolean;
}

/** Draws what becomes of a request. The same number of draws each time, so that a fault changes only what it strikes. */
export function fateOf(caller: Caller, service: ServiceName, operation: string, input: object): Fate {
  const { random, world } = caller;
  const [requestMs, responseMs, luck, slowness] = [
    1 + random.under(8),
    1 + random.under(8),
    random.next(),
    random.next(),
  ];
  const kill = world.killOf(caller);
  const common = {
    input,
    requestMs,
    responseMs,
    isCarriedOut: true,
    killsBefore: kill === 'before-request',
    killsUnderWay: kill === 'under-way',
  };
  const struck = world.callFault(service, { operation, input }, luck);
  switch (struck) {
    case 'request-lost':
      return { ...common, isCarriedOut: false, responseMs: lossNoticedMs(slowness), error: connectionLost() };
    case 'response-lost':
      return { ...common, responseMs: lossNoticedMs(slowness), error: connectionLost() };
    case 'throttled':
      return { ...common, isCarriedOut: false, error: throttledBy(service, slowness) };
    case 'slow':
      return { ...common, requestMs: slowness * requestMaxMs, responseMs: random.next() * slowAnswerMaxMs };
    case 'partial-batch':
      return { ...common, leavesOut: leftOut(caller, operation, input) };
    case undefined:
      return common;
  }
}

/** A broken connection is noticed at once, after a while, or not before the client's time limit. */
function lossNoticedMs(slowness: number): number {
  if (slowness < 0.6) return 1 + slowness * 50;
  return slowness < 0.8 ? ((slowness - 0.6) / 0.2) * lostAfterMs : lostAfterMs;
}

/** True if the SDK sends the request again. */
export function isRetried(error: unknown): boolean {
  return error instanceof Error && '$isRetried' in error;
}

function connectionLost(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', $isRetried: true });
}

function throttledBy(service: ServiceName, kind: number): Error {
  const said = { message: 'Throttled by the simulation.', $metadata: { httpStatusCode: 400 } };
  const error = {
    dynamodb: () =>
      kind < 0.3
        ? new InternalServerError({ ...said, $metadata: { httpStatusCode: 500 } })
        : new ProvisionedThroughputExceededException(said),
    kinesis: () => new KinesisThrottled(said),
    sqs: () => new RequestThrottled(said),
    kms: () => new KMSInternalException(said),
  }[service]();
  return Object.assign(error, { $isRetried: true });
}

/** Half of the parts of a batch, at random. */
function leftOut(caller: Caller, operation: string, input: object): ReadonlySet<number> | undefined {
  const parts = partsOf(operation, input);
  if (parts === 0) return undefined;
  const chosen = Array.from({ length: parts }, (_, part) => part).filter(() => caller.random.chance(0.5));
  if (chosen.length > 0) caller.world.faults.strike('partial-batch');
  return new Set(chosen);
}

interface BatchInput {
  readonly RequestItems?: Readonly<
    Record<string, readonly unknown[] | { readonly Keys?: readonly unknown[] }>
  >;
  readonly Records?: readonly unknown[];
  readonly Entries?: readonly unknown[];
}

/** Number of parts that a service may leave out of this request; 0 if it is no batch. Batches here have one table. */
function partsOf(operation: string, { RequestItems, Records, Entries }: BatchInput): number {
  switch (operation) {
    case 'BatchWriteItem':
    case 'BatchGetItem': {
      const [requests] = Object.values(RequestItems ?? {});
      return (Array.isArray(requests) ? requests : ((requests as { Keys?: readonly unknown[] })?.Keys ?? []))
        .length;
    }
    case 'PutRecords':
      return Records?.length ?? 0;
    case 'SendMessageBatch':
      return Entries?.length ?? 0;
    default:
      return 0;
  }
}
