import {
  type OtlpSpan,
  type ResourceSpans,
  type SpanLink,
  spansIn,
  type TracesPayload,
} from './otlp-spans.ts';
import { keysOf, type SpanKey, type SpanRing, traceKey } from './span-ring.ts';

/** A cause may have thousands of traces, such as the correlation id of a whole import. */
const tracesMax = 20;

/**
 * All spans of the newest traces that have a span with this key, at most 20. Their consumers work in batches, which are traces of their own: these are there
 * too. Oldest first. Empty: there is no such trace.
 */
export function findTraces(ring: SpanRing, key: SpanKey): ResourceSpans[] {
  const traces = newestTraces(ring, key);
  if (traces.size === 0) return [];
  const wanted = new Set([...traces, ...batchesOf(ring, traces)]);
  return ring.payloads(keysOfTraces(wanted)).flatMap((payload) => onlyTraces(payload, wanted));
}

/** The ids of traces, as {@link idOf} writes them. */
type TraceIds = ReadonlySet<string>;

function newestTraces(ring: SpanRing, key: SpanKey): TraceIds {
  const traces = new Set<string>();
  for (const span of ring.payloads([key]).flatMap(spansIn).reverse()) {
    if (traces.size === tracesMax) break;
    const isOfTrace = traceKey(span.traceId) === key;
    const isAbout = !key.startsWith('trace ') && keysOf(span).includes(key);
    if (isOfTrace || isAbout) traces.add(idOf(span));
  }
  return traces;
}

/** The traces of the batches that handled something of these traces: the span of a batch links to its causes, and their steps link to it. */
function batchesOf(ring: SpanRing, traces: TraceIds): TraceIds {
  const spans = ring.payloads(keysOfTraces(traces)).flatMap(spansIn);
  const isOurs = (span: Pick<SpanLink, 'traceId'>) => traces.has(idOf(span));
  const linking = spans.filter(({ links = [] }) => links.some(isOurs));
  const linked = spans.filter(isOurs).flatMap(({ links = [] }) => links);
  const linkedIds = new Set(linked.map(({ spanId }) => spanId.toLowerCase()));
  const linkedSpans = ring.payloads(keysOfTraces(new Set(linked.map(idOf)))).flatMap(spansIn);
  const batches = linkedSpans.filter(({ spanId }) => linkedIds.has(spanId.toLowerCase()));
  return new Set([...linking, ...batches].filter(isBatch).map(idOf));
}

/** The invocation of a consumer has no parent. A request has none either, and is a cause. */
function isBatch({ parentSpanId, kind }: OtlpSpan): boolean {
  return !parentSpanId && kind !== serverKind;
}

const serverKind = 2;

function onlyTraces({ resourceSpans = [] }: TracesPayload, wanted: TraceIds): ResourceSpans[] {
  return resourceSpans.flatMap((resource) => {
    const scopes = (resource.scopeSpans ?? []).map((scope) => ({
      ...scope,
      spans: (scope.spans ?? []).filter((span) => wanted.has(idOf(span))),
    }));
    const scopeSpans = scopes.filter(({ spans }) => spans.length > 0);
    return scopeSpans.length === 0 ? [] : [{ ...resource, scopeSpans }];
  });
}

function keysOfTraces(traces: TraceIds): SpanKey[] {
  return [...traces].map(traceKey);
}

const idOf = ({ traceId }: Pick<SpanLink, 'traceId'>) => traceId.toLowerCase();
