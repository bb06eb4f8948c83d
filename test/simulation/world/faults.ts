/** The functions that are simulated, by the name of their entry in `lambdas/functions` or their context. */
export const functionNames = [
  'api',
  'publisher',
  'ledger-projector',
  'metrics-projector',
  'dispense-projector',
  'person-projector',
  'todo-projector',
  'segment-sealer',
  'prescription-analyzer',
  'prescription-recorder',
  'person-indexer',
  'person-eraser',
  'metrics-sweeper',
  'rebuilder',
] as const;
export type FunctionName = (typeof functionNames)[number];

export type ServiceName = 'dynamodb' | 'kinesis' | 'sqs' | 'kms';

/** What consumes batches of a stream or a queue. */
export type ConsumerName = Exclude<FunctionName, 'api' | 'metrics-sweeper' | 'rebuilder'>;

/** From `fromMs` after the start of the history, for `forMs`. */
interface Span {
  readonly fromMs: number;
  readonly forMs: number;
}

/** Each call of the service is struck with this probability. */
interface CallFault extends Span {
  readonly service: ServiceName;
  /** Only calls about this table or queue, by its name. Absent: all calls of the service. */
  readonly only?: string;
  /** Only writes: DynamoDB throttles them apart from reads. */
  readonly writesOnly?: true;
  readonly chance: number;
}

/** What goes wrong in a history. Times are simulated ms after its start. */
export type Fault =
  /** The request never arrives. The client sees a broken connection. */
  | (CallFault & { readonly kind: 'request-lost' })
  /** The request is carried out, and the client sees a broken connection. */
  | (CallFault & { readonly kind: 'response-lost' })
  /** The service refuses the request. */
  | (CallFault & { readonly kind: 'throttled' })
  /** The request or its answer takes long: until a client's time limit and after it. A request arrives within 450 ms. */
  | (CallFault & { readonly kind: 'slow' })
  /** The service accepts only some parts of a batch. */
  | (CallFault & { readonly kind: 'partial-batch' })
  /** Reads that are not strongly consistent, and indexes, show what was there up to `upToMs` ago. */
  | (Span & { readonly kind: 'stale-reads'; readonly upToMs: number })
  /** The instance that makes the call after this number of calls of the function is killed: before its request, or while it is under way. */
  | {
      readonly kind: 'killed';
      readonly function: FunctionName;
      readonly fromMs: number;
      readonly afterCalls: number;
      readonly moment: 'before-request' | 'under-way';
    }
  /** Instances that start in the span have a clock that differs from the service's, by at most the documented bound. */
  | (Span & { readonly kind: 'clock-skew'; readonly function: FunctionName; readonly skewMs: number })
  /** The consumer is not invoked. */
  | (Span & { readonly kind: 'paused'; readonly consumer: ConsumerName })
  /** A batch that was handled is delivered once more, up to `lateMs` later. */
  | (Span & {
      readonly kind: 'delivered-again';
      readonly consumer: ConsumerName;
      readonly chance: number;
      readonly lateMs: number;
    })
  /** A batch or message is delivered up to `lateMs` late. Messages of a queue overtake each other. */
  | (Span & {
      readonly kind: 'delivered-late';
      readonly consumer: ConsumerName;
      readonly chance: number;
      readonly lateMs: number;
    })
  /** A shard of the log's stream or of the event stream is split. */
  | { readonly kind: 'shard-split'; readonly stream: 'log' | 'event-stream'; readonly fromMs: number }
  /** Stored snapshots or segments are damaged: texts and bytes are cut, changed, or removed. `share`: of all, from 0 to 1. */
  | {
      readonly kind: 'snapshots-damaged' | 'segments-damaged';
      readonly fromMs: number;
      readonly share: number;
    }
  /**
   * Instances that start in the span run the next version of the code, and all later ones do. `readersFirst`: as the documents ask for,
   * the code that reads the new events is deployed in the span, and after a quarter of an hour the code that writes them.
   */
  | (Span & { readonly kind: 'rolling-deploy'; readonly readersFirst: boolean });

export type FaultKind = Fault['kind'];

/** Every kind, for the report of what a run has covered. */
export const faultKinds: readonly FaultKind[] = [
  'request-lost',
  'response-lost',
  'throttled',
  'slow',
  'partial-batch',
  'stale-reads',
  'killed',
  'clock-skew',
  'paused',
  'delivered-again',
  'delivered-late',
  'shard-split',
  'snapshots-damaged',
  'segments-damaged',
  'rolling-deploy',
];

type OfKind<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

const none: readonly never[] = [];

/** The faults of one history: which are in force, and which have struck. */
export class Faults {
  readonly #byKind: ReadonlyMap<FaultKind, readonly Fault[]>;
  readonly #elapsedMs: () => number;
  readonly #struck = new Map<FaultKind, number>();
  #areOver = false;

  /** `elapsedMs`: simulated time since the start of the history. */
  constructor(faults: readonly Fault[], elapsedMs: () => number) {
    this.#byKind = Map.groupBy(faults, ({ kind }) => kind);
    this.#elapsedMs = elapsedMs;
  }

  /** The faults of this kind that are in force now. */
  inForce<Kind extends FaultKind>(kind: Kind): readonly OfKind<Kind>[] {
    const ofKind = this.#byKind.get(kind) as readonly OfKind<Kind>[] | undefined;
    if (ofKind === undefined || this.#areOver) return none;
    const now = this.#elapsedMs();
    return ofKind.filter(
      (fault) => now >= fault.fromMs && (!('forMs' in fault) || now < fault.fromMs + fault.forMs),
    );
  }

  /** All faults of this kind, in force or not. */
  ofKind<Kind extends FaultKind>(kind: Kind): readonly OfKind<Kind>[] {
    return (this.#byKind.get(kind) as readonly OfKind<Kind>[] | undefined) ?? none;
  }

  /** Counts a fault that has changed what happens. */
  strike(kind: FaultKind): void {
    this.#struck.set(kind, (this.#struck.get(kind) ?? 0) + 1);
  }

  /** Ends all faults: from now on everything must drain. */
  end(): void {
    this.#areOver = true;
  }

  /** How often each kind has changed what happened. */
  get struck(): ReadonlyMap<FaultKind, number> {
    return this.#struck;
  }
}
