import type { OtlpAttribute, OtlpValue, TracesPayload } from '../../tools/host/traces/otlp-spans.ts';

/** A span as a test compares it. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Missing: it is the root of its trace. */
  readonly parentSpanId?: string;
  readonly service: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly startNs: bigint;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The names of its events, in their order. */
  readonly events: readonly string[];
  /** The spans that it is linked with. */
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** It has the status of an error. */
  readonly isError: boolean;
}

const kinds = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const errorStatus = 2;

/** The spans of a payload, with the name of the service of their resource. */
export function spansIn({ resourceSpans = [] }: TracesPayload): Span[] {
  return resourceSpans.flatMap(({ resource, scopeSpans = [] }) => {
    const service = String(attributesIn(resource?.attributes)['service.name']);
    const spans = scopeSpans.flatMap((scope) => scope.spans ?? []);
    return spans.map(({ traceId, spanId, parentSpanId, name, kind, events = [], links = [], ...rest }) => ({
      ...{ traceId, spanId, service, name, kind: kinds[kind] ?? 'internal' },
      ...(parentSpanId && { parentSpanId }),
      startNs: BigInt(rest.startTimeUnixNano),
      attributes: attributesIn(rest.attributes),
      events: events.map((event) => event.name),
      links: links.map((link) => ({ traceId: link.traceId, spanId: link.spanId })),
      isError: rest.status?.code === errorStatus,
    }));
  });
}

function attributesIn(attributes: readonly OtlpAttribute[] = []): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue({ stringValue, boolValue, intValue, doubleValue, arrayValue }: OtlpValue): unknown {
  const number = intValue ?? doubleValue;
  return (
    stringValue ??
    boolValue ??
    (number === undefined ? undefined : Number(number)) ??
    arrayValue?.values?.map(plainValue)
  );
}

/** What the tree of a trace is made of: a span of any backend. */
export type TreeSpan = Pick<Span, 'spanId' | 'parentSpanId' | 'startNs' | 'service' | 'name' | 'kind'>;

/**
 * The spans of one trace as lines, each with its service and its kind, below its parent and indented by two spaces more. Siblings are in the order of
 * their starts. A span whose parent is not among the spans is at the left.
 */
export function treeOf(spans: readonly TreeSpan[], lineOf = usualLine): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const inOrder = [...spans].sort((a, b) => Number(a.startNs - b.startNs) || a.name.localeCompare(b.name));
  const below = (parent: string | undefined, indent: string): string[] =>
    inOrder
      .filter(({ parentSpanId = '' }) => (ids.has(parentSpanId) ? parentSpanId : undefined) === parent)
      .flatMap((span) => [indent + lineOf(span), ...below(span.spanId, `${indent}  `)]);
  return below(undefined, '');
}

/** A span and everything below it. */
export function spansBelow<Any extends TreeSpan>(spans: readonly Any[], root: Any): Any[] {
  const children = spans.filter(({ parentSpanId }) => parentSpanId === root.spanId);
  return [root, ...children.flatMap((child) => spansBelow(spans, child))];
}

function usualLine({ service, name, kind }: TreeSpan): string {
  return `${name} (${service}, ${kind})`;
}
