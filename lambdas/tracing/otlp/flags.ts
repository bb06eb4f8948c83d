import { type SpanContext, TraceFlags } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { TraceContext } from '../../kernel/index.ts';

/** The context of a span of another process. */
export function remoteContext({ traceId, spanId, sampled }: TraceContext): SpanContext {
  return { traceId, spanId, traceFlags: flagsOf(sampled), isRemote: true };
}

/** The span with the flag that was decided after it began. */
export function withFlags(span: ReadableSpan, sampled: boolean): ReadableSpan {
  const context = span.spanContext();
  if (context.traceFlags === flagsOf(sampled)) return span;
  return Object.create(span, {
    spanContext: { value: () => ({ ...context, traceFlags: flagsOf(sampled) }) },
  });
}

function flagsOf(sampled: boolean): TraceFlags {
  return sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
}
