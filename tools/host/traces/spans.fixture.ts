import { ownAttributes } from '../../../schema/tracing.ts';
import type { OtlpAttribute, OtlpSpan, TracesPayload } from './otlp-spans.ts';

/** An id of 32 digits from a small number. */
export const traceIdOf = (number: number) => number.toString(16).padStart(32, '0');
/** An id of 16 digits from a small number. */
export const spanIdOf = (number: number) => number.toString(16).padStart(16, '0');

export interface SpanOptions extends Partial<OtlpSpan> {
  readonly correlation?: string;
  readonly commits?: readonly string[];
}

/** A valid span. By default, the root of a request. */
export function span(trace: number, id: number, options: SpanOptions = {}): OtlpSpan {
  const { correlation, commits, ...rest } = options;
  const attributes: OtlpAttribute[] = [];
  if (correlation !== undefined)
    attributes.push({ key: ownAttributes.correlationId, value: { stringValue: correlation } });
  if (commits !== undefined) {
    const values = commits.map((stringValue) => ({ stringValue }));
    attributes.push({ key: ownAttributes.commits, value: { arrayValue: { values } } });
  }
  return {
    ...{ traceId: traceIdOf(trace), spanId: spanIdOf(id), name: `span ${id}`, kind: 2 },
    ...{ startTimeUnixNano: '1764185611000000000', attributes, ...rest },
  };
}

export const link = (trace: number, id: number) => ({ traceId: traceIdOf(trace), spanId: spanIdOf(id) });

/** The body of a request with these spans. */
export function bodyWith(...spans: readonly unknown[]): Buffer {
  return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
}

/** The numbers of the spans of payloads. */
export function spanNumbers(payloads: readonly TracesPayload[]): number[] {
  const spans = payloads.flatMap(({ resourceSpans = [] }) =>
    resourceSpans.flatMap(({ scopeSpans = [] }) => scopeSpans.flatMap((scope) => scope.spans ?? [])),
  );
  return spans.map(({ spanId }) => Number.parseInt(spanId, 16));
}
