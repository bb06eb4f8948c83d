import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { OtlpTracing, type OtlpTracingOptions, type SpanExport } from './otlp-tracing.ts';
import { createTracer } from './provider.ts';
import { Sampling } from './sampling.ts';
import type { TracingEffects } from './tracing-effects.ts';

/** A span as OTLP's JSON has it, with attributes as a record. */
export interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly sampled: boolean;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
  /** Ids of spans. */
  readonly links: readonly string[];
}

/** A clock that moves by `tickMs` each time that it is read, timers that a test fires, and a choice of randomness. */
export function testEffects({ random = () => 0.5, tickMs = 1 } = {}) {
  const timers = new Set<() => void>();
  let elapsedMs = 0;
  let nowMs = 1_780_000_000_000;
  const effects: TracingEffects = {
    // The wall clock goes back at each look.
    now: () => {
      nowMs -= 5;
      return nowMs;
    },
    elapsed: () => {
      elapsedMs += tickMs;
      return elapsedMs;
    },
    random,
    after: (_ms, run) => {
      timers.add(run);
      return () => timers.delete(run);
    },
  };
  return {
    effects,
    timers,
    fire: () => {
      for (const run of timers) run();
    },
    pass: (ms: number) => {
      elapsedMs += ms;
    },
  };
}

/** The OTLP adapter with an exporter that keeps what it gets. */
export function recordedOtlp({
  ratio = 1,
  ...options
}: { ratio?: number } & Partial<OtlpTracingOptions> = {}) {
  const batches: SentSpan[][] = [];
  const dropped: number[] = [];
  const effects = options.effects ?? testEffects().effects;
  const exporter: SpanExport = {
    open: () => undefined,
    send: async (spans) => {
      batches.push(sentSpans(JsonTraceSerializer.serializeRequest([...spans])));
      return 0;
    },
  };
  const tracing = new OtlpTracing({
    tracer: createTracer({}),
    sampling: new Sampling(ratio, effects),
    ...{ exporter, effects, onDropped: (count: number) => dropped.push(count) },
    ...options,
  });
  return { tracing, batches, dropped, sent: () => batches.flat() };
}

type Json = Readonly<Record<string, unknown>>;

/** Reads the body of an OTLP request. */
export function sentSpans(body: Uint8Array | undefined): SentSpan[] {
  const { resourceSpans } = JSON.parse(Buffer.from(body ?? []).toString());
  return resourceSpans
    .flatMap(({ scopeSpans }: { scopeSpans: { spans: Json[] }[] }) => scopeSpans)
    .flatMap(({ spans }: { spans: Json[] }) => spans)
    .map(sentSpan);
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of OTLP.
function sentSpan(span: any): SentSpan {
  const record = (attributes: { key: string; value: Json }[]) =>
    Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
  return {
    ...{ traceId: span.traceId, spanId: span.spanId, parentSpanId: span.parentSpanId },
    ...{ name: span.name, kind: span.kind },
    start: BigInt(span.startTimeUnixNano),
    end: BigInt(span.endTimeUnixNano),
    sampled: (span.flags & 1) === 1,
    failed: span.status.code === 2,
    attributes: record(span.attributes),
    events: span.events.map((event: { name: string; attributes: [] }) => ({
      name: event.name,
      attributes: record(event.attributes),
    })),
    links: span.links.map(({ spanId }: { spanId: string }) => spanId),
  };
}

function plain(value: Json): unknown {
  const { arrayValue } = value as { arrayValue?: { values: Json[] } };
  return arrayValue === undefined ? Object.values(value)[0] : arrayValue.values.map(plain);
}

/** The name of a span's parent among those that were sent. */
export function parentOf(span: SentSpan, all: readonly SentSpan[]): string | undefined {
  return all.find(({ spanId }) => spanId === span.parentSpanId)?.name;
}
