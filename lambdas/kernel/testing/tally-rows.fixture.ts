import { randomUUID } from 'node:crypto';
import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { tables } from '../../../test/support/test-dynamodb.ts';

import type { Item } from '../dynamodb/dynamodb-batches.ts';
import { DynamoDBEventLog } from '../dynamodb/dynamodb-event-log.ts';
import { DynamoDBReadModel } from '../dynamodb/dynamodb-read-model.ts';
import { DynamoDBStoredRows } from '../dynamodb/dynamodb-stored-rows.ts';
import { MemoryParkingLot } from '../memory/memory-parking-lot.ts';
import { Projector } from '../projector.ts';
import type { RowChange } from '../read-model.ts';
import { idOfKey, type StreamName } from '../stream-name.ts';
import type { RowsTarget } from '../verify/verified-target.ts';
import { commitAt } from './commits.fixture.ts';
import type { CounterEvent } from './counter.fixture.ts';
import { type Line, type Tally, tallyProjection } from './read-model.contract.ts';
import { simulatedEffects } from './simulated-effects.ts';

/** A generation of tallies on DynamoDB, with a log, a projector, and damage by hand. Nothing else uses its rows. */
export function tallyRows(client: DynamoDBClient, projection = tallyProjection) {
  const generation = `g${randomUUID()}`;
  const effects = simulatedEffects({ now: '2026-01-02T04:00:00.000Z' });
  const options = { table: tables.readModel, generation, projection, effects };
  const log = new DynamoDBEventLog(client, tables.eventLog, effects);
  const readModel = new DynamoDBReadModel<Tally, Line>(client, options);
  const parkingLot = new MemoryParkingLot();
  const rows = new DynamoDBStoredRows<Tally, Line>(client, options);
  const target: RowsTarget<CounterEvent, Tally, Line> = {
    readModel: 'tally',
    generation,
    projection,
    rows,
  };
  const projector = new Projector({ projection, log, readModel, parkingLot, effects });
  const TableName = tables.readModel.name;
  const partition = (id: string) => `${generation}#${id}`;
  const itemsOf = async (id: string): Promise<readonly Item[]> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: partition(id) } },
      }),
    );
    return Items;
  };
  const put = (item: Item) => client.send(new PutItemCommand({ TableName, Item: item }));
  return {
    sources: { history: log, parkingLot, now: effects.now, effects },
    ...{ target, rows, log, readModel, parkingLot, effects, itemsOf, put, partition },
    /** Appends a commit of this number of events, each of 1. */
    append: (stream: StreamName, version: number, count = 1, committedAt = '2026-01-02T03:04:05.678Z') =>
      log.append([
        commitAt(stream, version, count, {
          committedAt,
          events: Array.from({ length: count }, () => ({
            id: randomUUID(),
            type: 'Counter:Added',
            schemaVersion: 1,
            data: { amount: 1 },
          })),
        }),
      ]),
    /** Brings the row of a stream to a version. */
    project: (stream: StreamName, version: number) =>
      projector.project([{ stream, commits: [], reachedVersion: version }]),
    /** The entry of a row as a projector writes it. */
    entryAt: (id: string, version: number, total: number): Item => {
      const entry = rows.entryItem(id, { version, row: { id: idOfKey(id), total } });
      return entry?.token as Item;
    },
    /** Saves a row without its lines and its entry, like a projector that has written these before. */
    saveRowAlone: async ({ id, expectedVersion, version, row }: RowChange<Tally, Line>) => {
      const [before] = await rows.find(id, ['row']);
      if ((before?.version ?? 0) !== expectedVersion) return 'stale';
      return (await rows.replace(id, before, rows.rowItem(id, { version, row }))) === 'replaced'
        ? 'saved'
        : 'stale';
    },
    /** Changes an item by hand. Undefined: deletes it. */
    damage: async (id: string, part: string, change: (item: Item) => Item | undefined) => {
      const [item] = await rows.find(id, [part]);
      const changed = change({ ...(item?.token as Item | undefined) });
      if (changed !== undefined) return put(changed);
      const Key = { pk: { S: partition(id) }, sk: { S: part } };
      return client.send(new DeleteItemCommand({ TableName, Key }));
    },
  };
}

/** The methods of an adapter, so that a spec can replace some. */
export function methodsOf(rows: ReturnType<typeof tallyRows>['rows']) {
  return {
    items: (...args: Parameters<(typeof rows)['items']>) => rows.items(...args),
    find: (...args: Parameters<(typeof rows)['find']>) => rows.find(...args),
    rowItem: (...args: Parameters<(typeof rows)['rowItem']>) => rows.rowItem(...args),
    entryItem: (...args: Parameters<(typeof rows)['entryItem']>) => rows.entryItem(...args),
    lineItem: (...args: Parameters<(typeof rows)['lineItem']>) => rows.lineItem(...args),
    replace: (...args: Parameters<(typeof rows)['replace']>) => rows.replace(...args),
  };
}
