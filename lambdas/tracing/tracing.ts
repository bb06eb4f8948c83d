import { type Observer, untraced } from '../kernel/index.ts';

/** A value of an attribute. Never personal data. */
export type AttributeValue = string | number | boolean | readonly string[];

/** Attributes of a span by their names in `schema/tracing.ts`. Undefined ones are left out. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** What the span of an invocation says. */
export interface Invocation {
  /** As the semantic conventions name spans: `POST`, `process ledger`. `describe` can replace it. */
  readonly name: string;
  /** `server`: somebody waits for an answer. `consumer`: a batch of a queue or stream. `internal`: a schedule or a person. */
  readonly kind: 'server' | 'consumer' | 'internal';
  /** The W3C trace context of the caller. It may be malformed, and may lie about sampling. */
  readonly traceparent?: string | undefined;
  readonly attributes: Attributes;
}

/** What is known of an invocation at its end. */
export interface Description {
  readonly name?: string;
  readonly attributes?: Attributes;
  /** The invocation failed although it returns. The value of `error.type`. */
  readonly error?: string;
}

/** A call of AWS. */
export interface AwsCall {
  /** As the SDK names it: `DynamoDB`, `SQS`. */
  readonly service: string;
  /** `PutItem` */
  readonly operation: string;
  readonly attributes: Attributes;
}

/** What is known of a call of AWS when it has ended, well or not. */
export interface CallResult {
  readonly attempts?: number | undefined;
  readonly requestId?: string | undefined;
}

/** The ids of a span, for log lines: lower-case hexadecimal digits. */
export interface SpanIds {
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * What traces the invocations of a function. No fault of an adapter stops the work or changes its result, and each `run` is called once.
 * An invocation is the only one of its process at its time.
 */
export interface Tracing extends Pick<Observer, 'step' | 'stepFor' | 'event' | 'traceparent'> {
  /** Runs an invocation in a span. What was recorded is exported, or dropped and counted, before it resolves or rejects. */
  invocation<Result>(invocation: Invocation, run: () => Promise<Result>): Promise<Result>;
  /** Adds to the span of the invocation. */
  describe(description: Description): void;
  /** Runs a call of AWS in a span. `resultOf` reads what the call returned or threw. */
  call<Result>(
    call: AwsCall,
    run: () => Promise<Result>,
    resultOf: (outcome: unknown) => CallResult,
  ): Promise<Result>;
  /** Of the current span. Undefined: nothing is traced. */
  ids(): SpanIds | undefined;
}

/** Traces nothing. */
export const noTracing: Tracing = {
  invocation: (_invocation, run) => run(),
  describe: () => undefined,
  call: (_call, run) => run(),
  ids: () => undefined,
  step: (_step, run) => run(() => undefined),
  stepFor: (_step, causes, run) => run(untraced(causes)),
  event: () => undefined,
  traceparent: () => undefined,
};
