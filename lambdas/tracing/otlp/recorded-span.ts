import { type HrTime, SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace';
import { standardAttributes } from '../../../schema/tracing.ts';
import { type EventDetails, type StepEvent, traceparentOf } from '../../kernel/index.ts';
import { validErrorType } from '../error-type.ts';
import type { Attributes, SpanIds } from '../tracing.ts';
import type { TraceSampling } from './sampling.ts';

/** A span of an invocation that can still change. */
export class RecordedSpan {
  readonly span: Span;
  readonly sampling: TraceSampling;
  readonly #clock: () => HrTime;
  readonly #onFailure: () => void;

  constructor(owner: { fail(): void }, span: Span, sampling: TraceSampling, clock: () => HrTime) {
    this.span = span;
    this.sampling = sampling;
    this.#clock = clock;
    this.#onFailure = () => owner.fail();
  }

  get ids(): SpanIds {
    const { traceId, spanId } = this.span.spanContext();
    return { traceId, spanId };
  }

  /** For what the span sends. Its flag is the decision about the trace as it is now. */
  traceparent(): string {
    return traceparentOf({ ...this.ids, sampled: this.sampling.handOn() });
  }

  event(name: StepEvent, details: EventDetails = {}): void {
    this.span.addEvent(name, details, this.#clock());
  }

  describe(attributes: Attributes): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) this.span.setAttribute(name, value as string);
    }
  }

  /** Marks the span as failed. Then the invocation is exported. `type`: the name of the error. */
  fail(type: string): void {
    this.note(type);
    this.span.setStatus({ code: SpanStatusCode.ERROR });
    this.#onFailure();
  }

  /** Notes an error that its caller expects. The span is not failed. */
  note(type: string): void {
    this.span.setAttribute(standardAttributes.errorType, validErrorType(type));
  }

  end(): void {
    if (!this.span.ended) this.span.end(this.#clock());
  }
}
