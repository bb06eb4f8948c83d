import { type AttributeValue, CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventStore } from '@castore/core';
import type { LedgerEvent } from '../../lambdas/contexts/ledger/domain/events.ts';
import type { DomainEvent } from '../../lambdas/kernel/index.ts';
import { type CastoreAccount, type CastoreEvent, reduceAccount } from './account.ts';

const tableName = 'CastoreEvents';
const eventStoreId = 'LEDGER';

/** The ledger's events in Castore, used as its documentation says, with the adapter that keeps all event stores in one table. */
export interface CastoreAccounts {
  readonly tableName: string;
  readonly store: EventStore<CastoreAccount, CastoreEvent>;
  /** The item of an event, as the adapter writes it. */
  itemOf(id: string, version: number, event: DomainEvent, timestamp: string): Record<string, AttributeValue>;
}

/** Creates the table and the event store. Its packages must be installed. */
export async function castoreAccounts(client: DynamoDBClient): Promise<CastoreAccounts> {
  const { EventStore, EventType } = await import('@castore/core');
  const castore = await import('@castore/event-storage-adapter-dynamodb');
  await client.send(new CreateTableCommand(tableOf(castore)));
  const adapter = new castore.DynamoDBSingleTableEventStorageAdapter({ tableName, dynamoDBClient: client });
  const types: readonly LedgerEvent['type'][] = ['Ledger:Opened', 'Ledger:Credited', 'Ledger:Debited'];
  const store = new EventStore<CastoreAccount, CastoreEvent>({
    eventStoreId,
    eventTypes: types.map((type) => new EventType({ type })),
    reducer: reduceAccount,
    eventStorageAdapter: adapter,
  });
  return {
    tableName,
    store,
    itemOf: (aggregateId, version, { type, data }, timestamp) =>
      adapter.getPushEventInput({ aggregateId, version, type, timestamp, payload: data }, { eventStoreId })
        .Item,
  };
}

/** Keys and index as the adapter's documentation names them. */
function tableOf(names: typeof import('@castore/event-storage-adapter-dynamodb')) {
  const { EVENT_TABLE_PK, EVENT_TABLE_SK, EVENT_TABLE_EVENT_STORE_ID_KEY, EVENT_TABLE_TIMESTAMP_KEY } = names;
  const attribute = (AttributeName: string, AttributeType: 'S' | 'N') => ({ AttributeName, AttributeType });
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: [
      attribute(EVENT_TABLE_PK, 'S'),
      attribute(EVENT_TABLE_SK, 'N'),
      attribute(EVENT_TABLE_EVENT_STORE_ID_KEY, 'S'),
      attribute(EVENT_TABLE_TIMESTAMP_KEY, 'S'),
    ],
    KeySchema: keys(EVENT_TABLE_PK, EVENT_TABLE_SK),
    GlobalSecondaryIndexes: [
      {
        IndexName: names.EVENT_TABLE_INITIAL_EVENT_INDEX_NAME,
        KeySchema: keys(EVENT_TABLE_EVENT_STORE_ID_KEY, EVENT_TABLE_TIMESTAMP_KEY),
        Projection: { ProjectionType: 'KEYS_ONLY' as const },
      },
    ],
  };
}
