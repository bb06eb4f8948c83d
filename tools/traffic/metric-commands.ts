import type { ApiAnswer, ApiRequest } from './http-client.ts';
import {
  type MetricAcknowledgement,
  type MetricBook,
  type MetricEffect,
  type MetricTerms,
  metricStatuses,
  type SentValue,
} from './metric-book.ts';
import { problemCodeOf } from './problem-code.ts';

/** Refusals, by the last part of the problem's type, with the status that belongs to each. */
export const metricRefusalStatus = {
  'metrics/archived': 409,
  'metrics/not-found': 404,
  'metrics/deadline-passed': 400,
  'metrics/in-the-future': 400,
  'metrics/before-creation': 400,
  'invalid-body': 400,
  'version-mismatch': 412,
  'idempotency-key-reused': 422,
} as const satisfies Readonly<Record<string, number>>;

export type MetricRefusal = keyof typeof metricRefusalStatus;

/** A command on its way: the request, and what it does where it is carried out. */
export interface MetricCommand {
  readonly request: ApiRequest;
  readonly book: MetricBook;
  readonly effect: MetricEffect;
  readonly writing: Writing;
}

/** One meaning can be written in several ways: numbers as text, instants in another zone, one value as a list. */
export type Writing = 'plain' | 'other';

export interface MetricCommandOptions {
  readonly key: string;
  readonly writing?: Writing;
  readonly ifMatchVersion?: number | undefined;
}

/** How a command ended. */
export type MetricOutcome =
  | ({ readonly kind: 'done'; readonly id: string; readonly created: boolean } & MetricAcknowledgement)
  | { readonly kind: 'refused'; readonly code: string; readonly status: number };

export type MetricDone = Extract<MetricOutcome, { kind: 'done' }>;

const pathOf = { target: 'targets', values: 'values', archive: 'archive' } as const;
const zoneHours = 2;

export function metricCommand(
  book: MetricBook,
  effect: MetricEffect,
  { key, writing = 'plain', ifMatchVersion }: MetricCommandOptions,
): MetricCommand {
  const condition = ifMatchVersion === undefined ? {} : { 'if-match': `"${ifMatchVersion}"` };
  const request: ApiRequest = {
    method: 'POST',
    path: `/metrics/${book.id}/${pathOf[effect.kind]}`,
    headers: { 'idempotency-key': key, ...condition },
    body: bodyOf(effect, writing),
  };
  return { request, book, effect, writing };
}

/** `POST /metrics` for a metric on these terms. */
export function creationRequest(terms: MetricTerms, key: string): ApiRequest {
  const { name, unit, description } = terms;
  const body = {
    name,
    ...(unit !== undefined && { unit }),
    ...(description !== undefined && { description }),
  };
  return { method: 'POST', path: '/metrics', headers: { 'idempotency-key': key }, body };
}

/** The same command under the same key, written the other way. */
export function metricAgain({ request, effect, writing }: MetricCommand): ApiRequest {
  return { ...request, body: bodyOf(effect, writing === 'plain' ? 'other' : 'plain') };
}

/** Another command under the same key; undefined for one that has nothing to alter. */
export function metricAltered({ request, effect }: MetricCommand): ApiRequest | undefined {
  if (effect.kind === 'archive') return undefined;
  const altered =
    effect.kind === 'target'
      ? { ...effect, value: effect.value + 1 }
      : { ...effect, values: effect.values.map(({ value, atMs }) => ({ value: value + 1, atMs })) };
  return { ...request, body: bodyOf(altered, 'plain') };
}

/** Reads a command's answer, for the metric `expectedId` where it is known; a sentence where it is none that metrics give. */
export function metricOutcomeOf(
  { status, headers, body }: ApiAnswer,
  expectedId?: string,
): MetricOutcome | string {
  if (status !== 200 && status !== 201) {
    return { kind: 'refused', code: problemCodeOf(body) ?? 'no problem type', status };
  }
  const members = (typeof body === 'object' && body !== null ? body : {}) as Readonly<
    Record<string, unknown>
  >;
  const { id, version, status: answered, value } = members;
  const metricStatus = metricStatuses.find((one) => one === answered);
  const isSound =
    typeof id === 'string' &&
    id === (expectedId ?? id) &&
    typeof version === 'number' &&
    metricStatus !== undefined &&
    (value === undefined || typeof value === 'number') &&
    headers.etag === `"${version}"` &&
    (status === 201) === (headers.location === `/metrics/${id}`);
  if (!isSound) {
    const { etag, location } = headers;
    return `${status} with ${JSON.stringify({ etag, location })} and ${JSON.stringify(body).slice(0, 300)}`;
  }
  return { kind: 'done', id, created: status === 201, version, status: metricStatus, value };
}

function bodyOf(effect: MetricEffect, writing: Writing): unknown {
  if (effect.kind === 'archive') return undefined;
  if (effect.kind === 'target') {
    return { value: number(effect.value, writing), deadline: instant(effect.deadlineMs, writing) };
  }
  const values = effect.values.map((value) => valueBody(value, writing));
  return values.length === 1 && writing === 'plain' ? values[0] : values;
}

function valueBody({ value, atMs }: SentValue, writing: Writing): object {
  return { value: number(value, writing), ...(atMs !== undefined && { at: instant(atMs, writing) }) };
}

function number(value: number, writing: Writing): number | string {
  return writing === 'plain' ? value : String(value);
}

function instant(ms: number, writing: Writing): string {
  if (writing === 'plain') return new Date(ms).toISOString();
  const local = new Date(ms + zoneHours * 3_600_000).toISOString();
  return local.replace('Z', `+0${zoneHours}:00`);
}
