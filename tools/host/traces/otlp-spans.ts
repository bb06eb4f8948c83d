import { isUtf8 } from 'node:buffer';

/**
 * Spans as OTLP writes them in JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): ids are hexadecimal digits,
 * and 64-bit numbers are text. Members that are not named here may be there too.
 */
export interface TracesPayload {
  readonly resourceSpans?: readonly ResourceSpans[];
}

export interface ResourceSpans {
  readonly resource?: { readonly attributes?: readonly OtlpAttribute[] };
  readonly scopeSpans?: readonly ScopeSpans[];
}

export interface ScopeSpans {
  readonly spans?: readonly OtlpSpan[];
}

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Absent or empty: the span is the root of its trace. */
  readonly parentSpanId?: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly attributes?: readonly OtlpAttribute[];
  readonly links?: readonly SpanLink[];
  /** These two are passed on as they came: the receiver does not check them. */
  readonly events?: readonly { readonly name: string }[];
  /** The code 2 is that of an error. */
  readonly status?: { readonly code?: number };
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
}

export interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

/** One of these. None: the value is null. */
export interface OtlpValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly OtlpValue[] };
  readonly kvlistValue?: { readonly values?: readonly OtlpAttribute[] };
}

/** A body that is not what it must be. Its message is a sentence for who sent it. */
export class MalformedBody extends Error {
  override readonly name = 'MalformedBody';
}

/** Lists and objects inside each other. Receivers of protobuf have this limit too (https://protobuf.dev/programming-guides/json/). */
const nestingMax = 100;

/** Reads a JSON object. @throws {MalformedBody} */
export function readObject(body: Buffer): object {
  if (!isUtf8(body)) throw new MalformedBody('The body is not UTF-8.');
  if (nestingOf(body) > nestingMax) throw new MalformedBody(`The body is nested deeper than ${nestingMax}.`);
  const value = parsed(body.toString('utf8'));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new MalformedBody('The body is not a JSON object.');
}

/** Reads a request of `/v1/traces`. @throws {MalformedBody} naming the first member that is wrong. */
export function readTraces(body: Buffer): TracesPayload {
  const payload = readObject(body);
  for (const [resource, at] of listIn(payload, 'resourceSpans', 'resourceSpans')) {
    for (const [scope, inResource] of listIn(resource, 'scopeSpans', `${at}.scopeSpans`)) {
      for (const [span, inScope] of listIn(scope, 'spans', `${inResource}.spans`)) checkSpan(span, inScope);
    }
  }
  return payload;
}

/** All spans of a payload. */
export function spansIn({ resourceSpans = [] }: TracesPayload): OtlpSpan[] {
  return resourceSpans.flatMap(({ scopeSpans = [] }) => scopeSpans.flatMap(({ spans = [] }) => spans));
}

/** The texts of an attribute: one, or those of a list. */
export function textsOf({ attributes = [] }: Pick<OtlpSpan, 'attributes'>, name: string): string[] {
  return attributes
    .filter(({ key }) => key === name)
    .flatMap(({ value }) => [value, ...(value.arrayValue?.values ?? [])])
    .flatMap(({ stringValue }) => (typeof stringValue === 'string' ? [stringValue] : []));
}

function checkSpan(span: object, at: string): void {
  const { name, kind, startTimeUnixNano, parentSpanId } = span as Partial<OtlpSpan>;
  checkIds(span, at);
  if (parentSpanId !== undefined && parentSpanId !== '') checkId(parentSpanId, 16, `${at}.parentSpanId`);
  if (typeof name !== 'string') throw new MalformedBody(`${at}.name must be text.`);
  if (!Number.isInteger(kind)) throw new MalformedBody(`${at}.kind must be a whole number.`);
  if (!/^\d{1,20}$/.test(String(startTimeUnixNano)))
    throw new MalformedBody(`${at}.startTimeUnixNano must be nanoseconds since 1970.`);
  for (const [link, inLinks] of listIn(span, 'links', `${at}.links`)) checkIds(link, inLinks);
  for (const [attribute, inAttributes] of listIn(span, 'attributes', `${at}.attributes`))
    checkAttribute(attribute, inAttributes);
}

function checkAttribute(attribute: object, at: string): void {
  const { key, value } = attribute as Partial<OtlpAttribute>;
  if (typeof key !== 'string') throw new MalformedBody(`${at}.key must be text.`);
  if (!isObject(value)) throw new MalformedBody(`${at}.value must be an object.`);
  if (value.arrayValue === undefined) return;
  if (!isObject(value.arrayValue)) throw new MalformedBody(`${at}.value.arrayValue must be an object.`);
  listIn(value.arrayValue, 'values', `${at}.value.arrayValue.values`);
}

function checkIds(value: object, at: string): void {
  const { traceId, spanId } = value as Partial<SpanLink>;
  checkId(traceId, 32, `${at}.traceId`);
  checkId(spanId, 16, `${at}.spanId`);
}

function checkId(id: unknown, digits: number, at: string): void {
  const isId = typeof id === 'string' && id.length === digits && /^[\da-f]+$/i.test(id) && !/^0+$/.test(id);
  if (!isId) throw new MalformedBody(`${at} must be ${digits} hexadecimal digits, not all zero.`);
}

/** The objects of a list, each with its path. A list that is absent is empty. */
function listIn(parent: object, name: string, at: string): (readonly [object, string])[] {
  const list = (parent as Readonly<Record<string, unknown>>)[name] ?? [];
  if (!Array.isArray(list)) throw new MalformedBody(`${at} must be a list.`);
  return list.map((value: unknown, index) => {
    if (isObject(value)) return [value, `${at}[${index}]`] as const;
    throw new MalformedBody(`${at}[${index}] must be an object.`);
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedBody('The body is not JSON.');
  }
}

const [quote, backslash] = [0x22, 0x5c];
const [opening, closing] = [new Set([0x5b, 0x7b]), new Set([0x5d, 0x7d])];

/** How deep lists and objects of a JSON text are inside each other: code that reads them may call itself for each level. */
function nestingOf(json: Buffer): number {
  let [depth, deepest, isText] = [0, 0, false];
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (isText && byte === backslash) at += 1;
    else if (byte === quote) isText = !isText;
    else if (isText) continue;
    else if (opening.has(byte)) deepest = Math.max(deepest, ++depth);
    else if (closing.has(byte)) depth -= 1;
  }
  return deepest;
}
