// The parts of Castore's packages that the bench uses, so that the types are checked without installing them.

declare module '@castore/core' {
  export interface EventDetail {
    readonly aggregateId: string;
    readonly version: number;
    readonly type: string;
    readonly timestamp: string;
    readonly payload?: unknown;
  }

  export class EventType<Type extends string, Payload> {
    constructor(options: { readonly type: Type });
    readonly _types?: { readonly payload: Payload };
  }

  export class EventStore<Aggregate, Event extends { readonly type: string }> {
    constructor(options: {
      readonly eventStoreId: string;
      readonly eventTypes: readonly object[];
      readonly reducer: (aggregate: Aggregate, event: Event) => Aggregate;
      readonly eventStorageAdapter: object;
    });
    getAggregate(
      id: string,
      options?: { readonly maxVersion?: number },
    ): Promise<{ readonly aggregate: Aggregate | undefined }>;
    pushEvent(
      event: Omit<EventDetail, 'timestamp'>,
      options?: { readonly prevAggregate?: Aggregate | undefined },
    ): Promise<unknown>;
  }
}

declare module '@castore/event-storage-adapter-dynamodb' {
  import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
  import type { EventDetail } from '@castore/core';

  export const EVENT_TABLE_PK: string;
  export const EVENT_TABLE_SK: string;
  export const EVENT_TABLE_INITIAL_EVENT_INDEX_NAME: string;
  export const EVENT_TABLE_EVENT_STORE_ID_KEY: string;
  export const EVENT_TABLE_TIMESTAMP_KEY: string;

  export class DynamoDBSingleTableEventStorageAdapter {
    constructor(options: { readonly tableName: string; readonly dynamoDBClient: DynamoDBClient });
    getPushEventInput(
      event: EventDetail,
      options: { readonly eventStoreId: string },
    ): { readonly Item: Record<string, AttributeValue> };
  }
}
