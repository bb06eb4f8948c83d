import { AsyncLocalStorage } from 'node:async_hooks';
import type { Tracer } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import {
  type AddDetails,
  type Cause,
  type CausedStep,
  type EventDetails,
  parseTraceparent,
  type Step,
  type StepDetails,
  type StepEvent,
} from '../../kernel/index.ts';
import { errorTypeOf } from '../error-type.ts';
import { faultless } from '../faultless.ts';
import type { AwsCall, CallResult, Description, Invocation, SpanIds, Tracing } from '../tracing.ts';
import { type CausedSpans, causedSpans } from './caused-spans.ts';
import { isExpected, isOfCaller } from './expected-errors.ts';
import { invocationClock } from './invocation-clock.ts';
import type { RecordedSpan } from './recorded-span.ts';
import { Recording } from './recording.ts';
import type { Sampling } from './sampling.ts';
import { attributesOf, callAttributes, callSpan, invocationSpan, stepSpan } from './step-spans.ts';
import type { TracingEffects } from './tracing-effects.ts';

/** Sends the spans of an invocation. */
export interface SpanExport {
  /** Opens the connection, if it may be closed. Does not wait for it. */
  open(): void;
  /** Returns the number of spans that were not delivered. Takes a bounded time. Never rejects. */
  send(spans: readonly ReadableSpan[]): Promise<number>;
}

/** What the adapter needs. */
export interface OtlpTracingOptions {
  readonly tracer: Tracer;
  readonly sampling: Sampling;
  readonly exporter: SpanExport;
  readonly effects: TracingEffects;
  /** Counts spans that are lost. */
  readonly onDropped: (spans: number) => void;
}

/** Where the work is in the trace. */
interface Active {
  readonly recording: Recording;
  readonly root: RecordedSpan;
  readonly span: RecordedSpan;
}

/** Traces by OpenTelemetry: spans are kept in memory, and sent by OTLP when the invocation ends. */
export class OtlpTracing implements Tracing {
  readonly #options: OtlpTracingOptions;
  readonly #active = new AsyncLocalStorage<Active>();

  constructor(options: OtlpTracingOptions) {
    this.#options = options;
  }

  async invocation<Result>(invocation: Invocation, run: () => Promise<Result>): Promise<Result> {
    const active = faultless(() => this.#begin(invocation));
    if (active === undefined) return run();
    try {
      return await this.#active.run(active, run);
    } catch (error) {
      faultless(() => active.root.fail(errorTypeOf(error)));
      throw error;
    } finally {
      await this.#end(active).catch(() => undefined);
    }
  }

  describe({ name, attributes = {}, error }: Description): void {
    faultless(() => {
      const root = this.#current()?.root;
      if (name !== undefined) root?.span.updateName(name);
      root?.describe(attributes);
      if (error !== undefined) root?.fail(error);
    });
  }

  async call<Result>(
    call: AwsCall,
    run: () => Promise<Result>,
    resultOf: (outcome: unknown) => CallResult,
  ): Promise<Result> {
    const span = this.#child(() => callSpan(call));
    if (span === undefined) return run();
    const noteResult = (outcome: unknown) =>
      faultless(() => span.describe(callAttributes(resultOf(outcome))));
    try {
      const result = await this.#inside(span, run);
      noteResult(result);
      return result;
    } catch (error) {
      noteResult(error);
      faultless(() => (isExpected(error) ? span.note(errorTypeOf(error)) : span.fail(errorTypeOf(error))));
      throw error;
    } finally {
      faultless(() => span.end());
    }
  }

  ids(): SpanIds | undefined {
    return faultless(() => this.#current()?.span.ids);
  }

  async step<Result>(
    step: Step,
    run: (add: AddDetails) => Promise<Result>,
    details?: StepDetails,
  ): Promise<Result> {
    const span = this.#child(() => stepSpan(step, details));
    const add: AddDetails = (more) => void faultless(() => span?.describe(attributesOf(more)));
    return span === undefined ? run(add) : this.#ended([span], () => this.#inside(span, () => run(add)));
  }

  async stepFor<Result>(
    step: Step,
    causes: readonly Cause[],
    run: (steps: readonly CausedStep[]) => Promise<Result>,
  ): Promise<Result> {
    const { spans, active, steps }: CausedSpans = causedSpans(this.#current(), step, causes);
    return this.#ended(spans, () =>
      active === undefined ? run(steps) : this.#inside(active, () => run(steps)),
    );
  }

  event(name: StepEvent, details?: EventDetails): void {
    faultless(() => this.#current()?.span.event(name, details));
  }

  traceparent(): string | undefined {
    return faultless(() => this.#current()?.span.traceparent());
  }

  /** Undefined: nothing is traced here, or the invocation has ended. */
  #current(): Active | undefined {
    const active = this.#active.getStore();
    return active?.recording.closed === false ? active : undefined;
  }

  #begin(invocation: Invocation): Active {
    const { tracer, sampling, exporter, effects } = this.#options;
    exporter.open();
    const recording = new Recording(tracer, invocationClock(effects));
    const caller = parseTraceparent(invocation.traceparent);
    const root = recording.root(invocationSpan(invocation), sampling.ofInvocation(caller), caller);
    return { recording, root, span: root };
  }

  /** Exports what is sampled, and counts what is lost. */
  async #end({ recording }: Active): Promise<void> {
    const { exporter, onDropped } = this.#options;
    const spans = recording.close();
    const undelivered = spans.length === 0 ? 0 : await exporter.send(spans);
    const dropped = undelivered + (spans.length === 0 ? 0 : recording.dropped);
    if (dropped > 0) onDropped(dropped);
  }

  #child(start: () => ReturnType<typeof stepSpan>): RecordedSpan | undefined {
    return faultless(() => {
      const current = this.#current();
      return current?.recording.child(start(), current.span);
    });
  }

  /** Runs something with a span as the current one. */
  #inside<Result>(span: RecordedSpan, run: () => Promise<Result>): Promise<Result> {
    const active = this.#active.getStore();
    return active === undefined ? run() : this.#active.run({ ...active, span }, run);
  }

  /** Ends spans with the work. They fail with it, unless the caller is at fault. */
  async #ended<Result>(spans: readonly RecordedSpan[], run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      const type = errorTypeOf(error);
      for (const span of spans) faultless(() => (isOfCaller(error) ? span.note(type) : span.fail(type)));
      throw error;
    } finally {
      for (const span of spans) faultless(() => span.end());
    }
  }
}
