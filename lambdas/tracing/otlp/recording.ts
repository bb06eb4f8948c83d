import { type Context, type HrTime, type Link, type SpanKind, type Tracer, trace } from '@opentelemetry/api';
import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace';
import type { TraceContext } from '../../kernel/index.ts';
import type { Attributes } from '../tracing.ts';
import { remoteContext, withFlags } from './flags.ts';
import { collectedBy } from './provider.ts';
import { RecordedSpan } from './recorded-span.ts';
import { TraceSampling } from './sampling.ts';

/** Maximum number of spans of one invocation. */
export const spansMax = 1_000;
/** Maximum number of links of the invocation's span. OpenTelemetry's default for any span. */
const linksMax = 128;

/** What a span is created with. */
export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes?: Attributes;
  readonly links?: readonly Link[];
}

/** The spans of one invocation. They are kept in memory until its end. */
export class Recording {
  readonly #tracer: Tracer;
  readonly #clock: () => HrTime;
  readonly #spans: Span[] = [];
  readonly #traces = new Map<string, TraceSampling>();
  readonly #linked = new Set<string>();
  #dropped = 0;
  #failed = false;
  #closed = false;

  constructor(tracer: Tracer, clock: () => HrTime) {
    this.#tracer = tracer;
    this.#clock = clock;
  }

  /** Nothing more is recorded. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Spans that were not created, because the invocation has too many. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The invocation is exported whatever the sampling. */
  fail(): void {
    this.#failed = true;
  }

  /** The first span: of a trace of its own, or below a caller. */
  root(start: SpanStart, sampling: TraceSampling, caller?: TraceContext): RecordedSpan {
    const remote = caller && remoteContext(caller);
    const span = this.#create(
      start,
      sampling,
      remote && ((context) => trace.setSpanContext(context, remote)),
    );
    this.#traces.set(span.spanContext().traceId, sampling);
    return new RecordedSpan(this, span, sampling, this.#clock);
  }

  /** A span below another one of this invocation. Undefined: there are too many. */
  child(start: SpanStart, parent: RecordedSpan): RecordedSpan | undefined {
    if (!this.#hasRoom()) return undefined;
    const span = this.#create(start, parent.sampling, (context) => trace.setSpan(context, parent.span));
    return new RecordedSpan(this, span, parent.sampling, this.#clock);
  }

  /** A span in the trace of a cause. Undefined: there are too many. */
  below(start: SpanStart, cause: TraceContext): RecordedSpan | undefined {
    if (!this.#hasRoom()) return undefined;
    const sampling = this.#samplingOf(cause);
    const remote = remoteContext(cause);
    const span = this.#create(start, sampling, (context) => trace.setSpanContext(context, remote));
    return new RecordedSpan(this, span, sampling, this.#clock);
  }

  /** Links the invocation's span to a cause, each once. The invocation is sampled if one of its causes is. */
  linkRoot(root: RecordedSpan, cause: TraceContext): void {
    root.sampling.causedBy(cause.sampled);
    const key = `${cause.traceId}-${cause.spanId}`;
    if (this.#linked.has(key) || this.#linked.size >= linksMax) return;
    this.#linked.add(key);
    root.span.addLink({ context: remoteContext(cause) });
  }

  /** Ends what is open, and returns what is exported. */
  close(): readonly ReadableSpan[] {
    this.#closed = true;
    const time = this.#clock();
    // Inner spans began later.
    for (const span of this.#spans.toReversed()) if (!span.ended) span.end(time);
    const all = this.#spans.map((span) => ({ span, sampled: this.#isSampled(span) }));
    const exported = this.#failed ? all : all.filter(({ sampled }) => sampled);
    // A connection that stays open keeps the context in which it was opened, and with it this recording.
    this.#spans.length = 0;
    return exported.map(({ span, sampled }) => withFlags(span, sampled));
  }

  #isSampled(span: Span): boolean {
    return this.#traces.get(span.spanContext().traceId)?.sampled ?? false;
  }

  #samplingOf(cause: TraceContext): TraceSampling {
    const known = this.#traces.get(cause.traceId);
    known?.causedBy(cause.sampled);
    if (known !== undefined) return known;
    const sampling = new TraceSampling(cause.sampled, 'by-cause');
    this.#traces.set(cause.traceId, sampling);
    return sampling;
  }

  #hasRoom(): boolean {
    if (this.#spans.length < spansMax) return true;
    this.#dropped += 1;
    return false;
  }

  #create(
    { name, kind, attributes = {}, links = [] }: SpanStart,
    sampling: TraceSampling,
    withParent: (context: Context) => Context = (context) => context,
  ): Span {
    let created: Span | undefined;
    const collector = {
      sampled: sampling.sampled,
      collect: (span: Span) => {
        created = span;
      },
    };
    const options = { kind, attributes, links: [...links], startTime: this.#clock() };
    this.#tracer.startSpan(name, options, withParent(collectedBy(collector)));
    if (created === undefined) throw new Error('The span was not recorded.');
    this.#spans.push(created);
    return created;
  }
}
