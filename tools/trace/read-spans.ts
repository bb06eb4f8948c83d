import { resourceAttributes } from '../../schema/tracing.ts';
import { shortName } from '../host/console.ts';
import type { Attributes, Span, SpanEvent, SpanKind, SpanLink, Value } from './span.ts';

/** What an answer contains. */
export interface ReadSpans {
  readonly spans: readonly Span[];
  /** Number of spans without valid ids or a start. They cannot be shown. */
  readonly unreadable: number;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The spans of OTLP in JSON. Whoever can reach the receiver can send anything, so fields of a wrong type count as absent.
 * 64-bit numbers are decimal text or numbers; an id is hexadecimal (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
 */
export function readSpans(answer: unknown): ReadSpans {
  const read = listOf(fieldsOf(answer)['resourceSpans']).flatMap(spansOfResource);
  const spans = read.filter((span) => span !== undefined);
  return { spans, unreadable: read.length - spans.length };
}

function spansOfResource(value: unknown): (Span | undefined)[] {
  const { resource, scopeSpans } = fieldsOf(value);
  const name = attributesOf(fieldsOf(resource)['attributes'])[resourceAttributes.serviceName];
  const service = typeof name === 'string' ? shortName(name) : 'unknown';
  const spans = listOf(scopeSpans).flatMap((scope) => listOf(fieldsOf(scope)['spans']));
  return spans.map((span) => spanOf(fieldsOf(span), service));
}

function spanOf(fields: Fields, service: string): Span | undefined {
  const traceId = idOf(fields['traceId'], 32);
  const spanId = idOf(fields['spanId'], 16);
  const startMs = timeOf(fields['startTimeUnixNano']);
  if (traceId === undefined || spanId === undefined || startMs === undefined) return undefined;
  const code = fieldsOf(fields['status'])['code'];
  return {
    ...{ traceId, spanId, startMs, service },
    parentId: idOf(fields['parentSpanId'], 16),
    name: textOf(fields['name']) ?? '(no name)',
    kind: kindOf(fields['kind']),
    endMs: timeOf(fields['endTimeUnixNano']),
    isError: code === 2 || code === 'STATUS_CODE_ERROR',
    attributes: attributesOf(fields['attributes']),
    events: listOf(fields['events']).flatMap((event) => eventOf(fieldsOf(event)) ?? []),
    links: listOf(fields['links']).flatMap((link) => linkOf(fieldsOf(link)) ?? []),
  };
}

function eventOf(fields: Fields): SpanEvent | undefined {
  const atMs = timeOf(fields['timeUnixNano']);
  if (atMs === undefined) return undefined;
  const name = textOf(fields['name']) ?? '(no name)';
  return { name, atMs, attributes: attributesOf(fields['attributes']) };
}

function linkOf(fields: Fields): SpanLink | undefined {
  const traceId = idOf(fields['traceId'], 32);
  const spanId = idOf(fields['spanId'], 16);
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}

const kinds: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

function kindOf(kind: unknown): SpanKind {
  const byName = kinds.find((each) => kind === `SPAN_KIND_${each.toUpperCase()}`);
  return byName ?? kinds[Number(kind)] ?? 'unspecified';
}

function attributesOf(value: unknown): Attributes {
  const pairs = listOf(value).flatMap((each) => {
    const { key, value: typed } = fieldsOf(each);
    const read = plainValue(fieldsOf(typed));
    return typeof key === 'string' && read !== undefined ? [[key, read] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function plainValue({
  stringValue,
  boolValue,
  intValue,
  doubleValue,
  arrayValue,
}: Fields): Value | undefined {
  if (typeof stringValue === 'string') return stringValue;
  if (typeof boolValue === 'boolean') return boolValue;
  const number = intValue ?? doubleValue;
  if (typeof number === 'number' || (typeof number === 'string' && number !== '')) {
    return Number.isNaN(Number(number)) ? undefined : Number(number);
  }
  if (arrayValue === undefined) return undefined;
  const values = listOf(fieldsOf(arrayValue)['values']).map((each) => plainValue(fieldsOf(each)));
  return values.filter((each) => each !== undefined).map(String);
}

/** Epoch ms of a time in ns. Undefined: absent, zero, or no whole number. */
function timeOf(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\d{1,20}$/.test(text)) return undefined;
  // A double has room for the µs of an epoch time, but not for its ns.
  const ms = Number(BigInt(text) / 1_000n) / 1_000;
  return ms > 0 ? ms : undefined;
}

function idOf(value: unknown, digits: number): string | undefined {
  const id = typeof value === 'string' ? value.toLowerCase() : '';
  return id.length === digits && /^[\da-f]+$/.test(id) && !/^0+$/.test(id) ? id : undefined;
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const fieldsOf = (value: unknown): Fields => Object(value);
