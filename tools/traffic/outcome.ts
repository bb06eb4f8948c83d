import { isDeepStrictEqual } from 'node:util';
import type { ContextTypes, Members, Reply } from './context-types.ts';
import type { ApiAnswer } from './http-client.ts';
import type { ContextModel } from './model.ts';

/** How a command ended; `invalid`: with an answer that the API must not give. */
export type Outcome<C extends ContextTypes> =
  /** `isReplay`: the answer says that an earlier request with the same key had carried it out. */
  | { readonly id: string; readonly reply: Reply<C>; readonly isReplay: boolean }
  | { readonly refused: string; readonly status: number }
  | { readonly invalid: unknown };

/** Reads the answer to a command; `id`: of the aggregate it was sent to, empty if it creates one. */
export function readOutcome<C extends ContextTypes>(
  model: ContextModel<C>,
  { id, state }: { readonly id: string; readonly state: C['State'] },
  { status, headers, body }: ApiAnswer,
): Outcome<C> {
  if (status !== 200 && status !== 201) return { refused: problemCode(body) ?? 'no problem type', status };
  const members = membersOf(body);
  const result = model.readResult(members, state);
  const { id: shownId, version } = members;
  const replayed = headers['idempotency-replayed'];
  const isValid =
    typeof shownId === 'string' &&
    shownId === (id || shownId) &&
    typeof version === 'number' &&
    headers['etag'] === `"${version}"` &&
    (replayed === undefined || replayed === 'true') &&
    (status === 201) === (headers['location'] === `/${model.name}/${shownId}`);
  if (!isValid || !result)
    return { invalid: { status, body, etag: headers['etag'], at: headers['location'], replayed } };
  const reply = { version, created: status === 201, result };
  return { id: shownId, reply, isReplay: replayed === 'true' };
}

/** Whether both are the same reply, or the same refusal. */
export function isSame(one: object, other: object): boolean {
  if ('reply' in one && 'reply' in other) return isDeepStrictEqual(one.reply, other.reply);
  return 'refused' in one && 'refused' in other && one.refused === other.refused;
}

/** The last part of the problem's `type`, as in `ledger/closed`; undefined if the body is no problem. */
export function problemCode(body: unknown): string | undefined {
  const { type } = membersOf(body);
  return typeof type === 'string' ? type.slice(type.lastIndexOf(':') + 1) : undefined;
}

/** The members of a JSON object; empty for any other value. */
export function membersOf(body: unknown): Members {
  return typeof body === 'object' && body !== null ? (body as Members) : {};
}

/** The beginning of a value's JSON, for messages. */
export function brief(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 300) ?? 'nothing';
}
