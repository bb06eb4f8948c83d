import { batchGet, batchWrite, getItem } from './batches.ts';
import {
  type Item,
  type ItemChange,
  NotSimulatedError,
  type ServiceCall,
  type TableDefinition,
} from './definitions.ts';
import { query } from './query.ts';
import {
  type BatchGetRequest,
  type BatchWriteRequest,
  type GetRequest,
  type KeyRequest,
  type PutRequest,
  type QueryRequest,
  requireKnown,
  type ScanRequest,
  type TransactionRequest,
  type UpdateRequest,
} from './requests.ts';
import { scan } from './scan.ts';
import { noSuchTable } from './service-errors.ts';
import { Table } from './table.ts';
import { Transactions } from './transactions.ts';
import { readable } from './values.ts';
import {
  checkedItem,
  preparedDelete,
  preparedPut,
  preparedUpdate,
  requireReturnValues,
  write,
} from './writes.ts';

export interface SimulatedDynamoDBOptions {
  /** A page of a query or a scan ends after the item with which it exceeds this. Default: 1 MB, as in AWS. */
  readonly pageMaxBytes?: number;
  /** How long an eventually consistent read may lag, in ms. Default: 10,000. */
  readonly staleMaxMs?: number;
}

/**
 * DynamoDB in memory, as far as the adapters use it. It has no clock and no randomness, and it never fails by chance: throttling,
 * lost requests and unprocessed items come from the client in front of it. Items in its outputs are frozen, so that nobody can
 * change what is stored; only values of type `B` are copies. Input beyond the simulation throws {@link NotSimulatedError}.
 */
export class SimulatedDynamoDB {
  /** Called at each change of an item, in order, within the call that makes it. Not called if a write changes nothing. */
  onChange: (change: ItemChange) => void = () => undefined;
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #transactions = new Transactions((name) => this.#table(name));
  readonly #pageMaxBytes: number;

  constructor(
    tables: readonly TableDefinition[],
    { pageMaxBytes = 1024 * 1024, staleMaxMs = 10_000 }: SimulatedDynamoDBOptions = {},
  ) {
    this.#pageMaxBytes = pageMaxBytes;
    const options = { staleMaxMs, onChange: (change: ItemChange) => this.onChange(change) };
    this.#tables = new Map(tables.map((table) => [table.name, new Table(table, options)]));
  }

  /**
   * Carries out one call. `operation`: the name of the command without "Command", such as `PutItem`. Input and output are the SDK's,
   * without `$metadata`. Throws the SDK's exceptions.
   */
  execute(operation: string, input: object, call: ServiceCall): object {
    requireKnown(operation, input as Readonly<Record<string, unknown>>);
    switch (operation) {
      case 'GetItem':
        return getItem(this.#tableOf(input), input as GetRequest, call);
      case 'PutItem': {
        const request = input as PutRequest;
        requireReturnValues(request, ['ALL_OLD']);
        return write(preparedPut(this.#tableOf(input), request), request, call.nowMs);
      }
      case 'DeleteItem': {
        const request = input as KeyRequest;
        requireReturnValues(request, ['ALL_OLD']);
        return write(preparedDelete(this.#tableOf(input), request), request, call.nowMs);
      }
      case 'UpdateItem': {
        const request = input as UpdateRequest;
        requireReturnValues(request, ['ALL_NEW']);
        return write(preparedUpdate(this.#tableOf(input), request), request, call.nowMs);
      }
      case 'Query':
        return query(this.#tableOf(input), input as QueryRequest, call, this.#pageMaxBytes);
      case 'Scan':
        return scan(this.#tableOf(input), input as ScanRequest, call, this.#pageMaxBytes);
      case 'BatchGetItem':
        return batchGet((name) => this.#table(name), input as BatchGetRequest, call);
      case 'BatchWriteItem':
        return batchWrite((name) => this.#table(name), input as BatchWriteRequest, call);
      case 'TransactWriteItems':
        return this.#transactions.write(input as TransactionRequest, call.nowMs);
      default:
        throw new NotSimulatedError(`The operation ${operation}`);
    }
  }

  /** The items of a table now, in the order of their keys. For checks. */
  items(tableName: string): Item[] {
    const table = this.#table(tableName);
    return table.scanned
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .flatMap(({ entries }) => entries.flatMap(({ current }) => (current ? [readable(current)] : [])));
  }

  /** Puts an item past every condition. For who damages what is stored. */
  put(tableName: string, item: Item, nowMs: number): void {
    const table = this.#table(tableName);
    const stored = checkedItem(table, item);
    table.change(table.schema.of(stored.item), stored, nowMs);
  }

  /** Deletes an item past every condition. */
  delete(tableName: string, key: Item, nowMs: number): void {
    const table = this.#table(tableName);
    table.change(table.schema.ofExactly(key), undefined, nowMs);
  }

  #tableOf({ TableName }: { readonly TableName?: string }): Table {
    return this.#table(TableName);
  }

  #table(name: string | undefined): Table {
    const table = this.#tables.get(name ?? '');
    if (table === undefined) throw noSuchTable();
    return table;
  }
}
