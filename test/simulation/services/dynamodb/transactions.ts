import { type CancellationReason, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import type { TransactedWrite, TransactionRequest } from './requests.ts';
import { invalid, otherParameters, transactionCanceled } from './service-errors.ts';
import type { Table } from './table.ts';
import { readable, type StoredItem } from './values.ts';
import {
  type PreparedWrite,
  preparedCheck,
  preparedDelete,
  preparedPut,
  preparedUpdate,
  required,
} from './writes.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const maxWrites = 100;
const maxBytes = 4 * 1024 * 1024;
/** How long a token makes a repeated request succeed without doing anything. */
const tokenMaxMs = 10 * 60 * 1_000;

/** The transactions of a database. */
export class Transactions {
  readonly #tableOf: (name: string | undefined) => Table;
  /** Requests that succeeded, by their tokens. */
  readonly #done = new Map<string, { readonly request: string; readonly atMs: number }>();

  constructor(tableOf: (name: string | undefined) => Table) {
    this.#tableOf = tableOf;
  }

  /** All writes or none. Throws `TransactionCanceledException` with a reason for each write. */
  write({ TransactItems = [], ClientRequestToken: token }: TransactionRequest, nowMs: number): object {
    if (TransactItems.length === 0 || TransactItems.length > maxWrites) {
      throw invalid(`Member must have length between 1 and ${maxWrites}`);
    }
    if (token !== undefined && this.#isDone(token, TransactItems, nowMs)) return {};
    const writes = TransactItems.map((one) => this.#prepared(one));
    requireDistinct(writes);
    const results = writes.map(resultOf);
    const reasons = results.map(({ reason }) => reason);
    if (reasons.some(({ Code }) => Code !== 'None')) throw transactionCanceled(reasons);
    const afters = results.map(({ after }) => after);
    const bytes = afters.reduce((sum, after) => sum + (after?.bytes ?? 0), 0);
    if (bytes > maxBytes) throw invalid('Transaction request cannot have more than 4 MB of items');
    for (const [index, { table, key }] of writes.entries()) table.change(key, afters[index], nowMs);
    if (token !== undefined) this.#done.set(token, { request: JSON.stringify(TransactItems), atMs: nowMs });
    return {};
  }

  #isDone(token: string, items: readonly TransactedWrite[], nowMs: number): boolean {
    for (const [old, { atMs }] of this.#done) {
      if (nowMs - atMs < tokenMaxMs) break;
      this.#done.delete(old);
    }
    const done = this.#done.get(token);
    if (done === undefined) return false;
    if (done.request === JSON.stringify(items)) return true;
    throw otherParameters();
  }

  #prepared({ Put, Update, Delete, ConditionCheck }: TransactedWrite): PreparedWrite {
    const given = [Put, Update, Delete, ConditionCheck].filter((one) => one !== undefined);
    const tableName = required(given[0], 'TransactItems').TableName;
    if (given.length > 1) throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
    const table = this.#tableOf(tableName);
    if (Put) return preparedPut(table, Put);
    if (Update) return preparedUpdate(table, Update);
    if (Delete) return preparedDelete(table, Delete);
    return preparedCheck(table, ConditionCheck ?? {});
  }
}

function requireDistinct(writes: readonly PreparedWrite[]): void {
  const keys = writes.map(({ table, key }) =>
    JSON.stringify([table.definition.name, key.partition, key.sort]),
  );
  if (new Set(keys).size < keys.length) {
    throw invalid('Transaction request cannot include multiple operations on one item');
  }
}

/** The item after a write, and the reason if the write cannot be carried out. */
function resultOf(write: PreparedWrite): {
  readonly reason: CancellationReason;
  readonly after?: StoredItem | undefined;
} {
  const before = write.table.find(write.key, Infinity);
  if (!write.isMet(before)) {
    const found = before && write.returnsFound && { Item: readable(before) };
    return {
      reason: { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...found },
    };
  }
  try {
    return { reason: { Code: 'None' }, after: write.after(before) };
  } catch (error) {
    if (!(error instanceof DynamoDBServiceException)) throw error;
    return { reason: { Code: 'ValidationError', Message: error.message } };
  }
}
