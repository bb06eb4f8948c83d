import type { AccountBook, Movement } from './books.ts';
import type { ApiAnswer, ApiRequest } from './http-client.ts';
import { type Currency, currencies, toDecimal, toMinorUnits } from './money.ts';
import { problemCodeOf } from './problem-code.ts';

/** Refusals, by the last part of the problem's type, with the status that belongs to each. */
export const refusalStatus = {
  'ledger/insufficient-funds': 409,
  'ledger/currency-mismatch': 409,
  'ledger/closed': 409,
  'ledger/not-found': 404,
  'ledger/too-many-decimals': 400,
  'version-mismatch': 412,
  'idempotency-key-reused': 422,
} as const satisfies Readonly<Record<string, number>>;

export type RefusalCode = keyof typeof refusalStatus;

/** A command on its way: the request, and what it does where it is carried out. */
export interface LedgerCommand {
  readonly request: ApiRequest;
  readonly book: AccountBook;
  readonly effect: Movement | 'closing';
  /** The account that receives a transfer. */
  readonly receiver?: AccountBook | undefined;
}

export interface CommandOptions {
  readonly key: string;
  readonly amountAsText?: boolean;
  readonly ifMatchVersion?: number | undefined;
}

/** How a command ended. */
export type Outcome =
  | {
      readonly kind: 'done';
      readonly id: string;
      readonly created: boolean;
      readonly version: number;
      readonly balance: number;
    }
  | { readonly kind: 'refused'; readonly code: string; readonly status: number };

const pathOf = { credit: 'credits', debit: 'debits', 'transfer-sent': 'transfers' } as const;

/** A credit, a debit or, with a receiver, a transfer. */
export function movementCommand(
  book: AccountBook,
  kind: Movement['kind'],
  amount: number,
  options: CommandOptions & { receiver?: AccountBook },
): LedgerCommand {
  const { currency } = book.terms;
  const { receiver, amountAsText = false } = options;
  const body = {
    ...(receiver && { to: receiver.id }),
    amount: onTheWire(amount, currency, amountAsText),
    // Only the credit that opens the account needs it; every other has to agree.
    ...(kind === 'credit' && { currency }),
  };
  return {
    request: post(`/ledger/${book.id}/${pathOf[kind]}`, body, options),
    book,
    effect: { kind, amount, ...(receiver && { counterparty: receiver.id }) },
    receiver,
  };
}

export function closingCommand(book: AccountBook, options: CommandOptions): LedgerCommand {
  return { request: post(`/ledger/${book.id}/close`, undefined, options), book, effect: 'closing' };
}

/** `POST /ledger` for an account on these terms. */
export function openingRequest(terms: AccountBook['terms'], key: string): ApiRequest {
  const { currency, name, overdraftLimit } = terms;
  const limit = overdraftLimit > 0 ? { overdraftLimit: toDecimal(overdraftLimit, currency) } : {};
  return post('/ledger', { currency, ...(name !== undefined && { name }), ...limit }, { key });
}

/** The same command under the same key, with the amount written the other way or, where given, another amount. */
export function again(command: LedgerCommand, otherAmount?: number): ApiRequest {
  const { request, book, effect } = command;
  if (effect === 'closing') return request;
  const body = request.body as { readonly amount: string | number };
  const wasText = typeof body.amount === 'string';
  const amount = onTheWire(otherAmount ?? effect.amount, book.terms.currency, !wasText);
  return { ...request, body: { ...body, amount } };
}

/** Reads a command's answer, for the account `expectedId` where it is known; a sentence where it is none that a ledger gives. */
export function outcomeOf(
  { status, headers, body }: ApiAnswer,
  currency: Currency,
  expectedId?: string,
): Outcome | string {
  const members = (typeof body === 'object' && body !== null ? body : {}) as Readonly<
    Record<string, unknown>
  >;
  if (status !== 200 && status !== 201) {
    return { kind: 'refused', code: problemCodeOf(body) ?? 'no problem type', status };
  }
  const { id, version, balance, currency: answered } = members;
  const minorUnits = toMinorUnits(balance, currency);
  const isSound =
    typeof id === 'string' &&
    id === (expectedId ?? id) &&
    typeof version === 'number' &&
    minorUnits !== undefined &&
    answered === currency &&
    headers.etag === `"${version}"` &&
    (status === 201) === (headers.location === `/ledger/${id}`);
  if (!isSound) {
    const { etag, location } = headers;
    return `${status} with ${JSON.stringify({ etag, location })} and ${JSON.stringify(body).slice(0, 300)}`;
  }
  return { kind: 'done', id, created: status === 201, version, balance: minorUnits };
}

function post(path: string, body: unknown, { key, ifMatchVersion }: CommandOptions): ApiRequest {
  const condition = ifMatchVersion === undefined ? {} : { 'if-match': `"${ifMatchVersion}"` };
  return { method: 'POST', path, headers: { 'idempotency-key': key, ...condition }, body };
}

/** A number has no trailing zeros; both ways are exact up to 15 digits. */
function onTheWire(minorUnits: number, currency: Currency, asText: boolean): string | number {
  return asText ? toDecimal(minorUnits, currency) : minorUnits / 10 ** currencies[currency].decimals;
}
