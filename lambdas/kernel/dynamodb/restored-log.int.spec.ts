import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../../../test/support/test-dynamodb.ts';
import { codeOf, counterHandler } from '../testing/counter-handler.fixture.ts';
import { simulatedEffects } from '../testing/simulated-effects.ts';
import { tallyRows } from '../testing/tally-rows.fixture.ts';
import { repairTarget } from '../verify/repair-stream.ts';
import { verifyStream } from '../verify/verify-stream.ts';
import { DynamoDBEventLog } from './dynamodb-event-log.ts';
import { DynamoDBSnapshotStore } from './dynamodb-snapshot-store.ts';
import { DynamoDBSweep } from './dynamodb-sweep.ts';

let dynamodb: TestDynamoDB;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
});
afterAll(() => dynamodb.stop());

const removeCommit = (stream: string, version: number) =>
  dynamodb.client.send(
    new DeleteItemCommand({
      TableName: tables.eventLog.name,
      Key: { stream: { S: stream }, version: { N: String(version) } },
    }),
  );

describe('a log that went back to a backup', () => {
  it('refuses commands on streams whose snapshots are ahead, until the snapshots are forgotten', async () => {
    const log = new DynamoDBEventLog(dynamodb.client, tables.eventLog, simulatedEffects());
    const snapshots = new DynamoDBSnapshotStore(dynamodb.client, tables.snapshots);
    const options = { log, snapshots, snapshotThreshold: 2 };
    const id = randomUUID();
    const { add } = counterHandler(options);
    for (const amount of [1, 2, 3, 4]) await add(id, amount);
    for (const version of [3, 4]) await removeCommit(`counter/${id}`, version);
    expect(await codeOf(counterHandler(options).add(id, 5))).toBe('log-changed');
    const sweep = new DynamoDBSweep(dynamodb.client, tables.snapshots, simulatedEffects());
    expect((await sweep.page()).deleted).toBeGreaterThan(0);
    expect(await counterHandler(options).add(id, 5)).toMatchObject({ version: 3, answer: { total: 8 } });
  });

  it('has rows and lines ahead of it, which a repair puts back', async () => {
    const tally = tallyRows(dynamodb.client);
    const id = randomUUID();
    const stream = `counter/${id}` as const;
    for (const version of [1, 2]) await tally.append(stream, version);
    await tally.project(stream, 2);
    const before = await tally.itemsOf(id);
    await tally.append(stream, 3);
    await tally.project(stream, 3);
    await removeCommit(stream, 3);
    expect(await verifyStream(tally.sources, tally.target, stream)).toMatchObject({
      ...{ outcome: 'differs', fields: ['(version)', 'total', '(entry)'], lines: 1 },
    });
    await repairTarget(tally.sources, tally.target, stream);
    expect(await tally.itemsOf(id)).toEqual(before);
  });
});

describe('sweeping a table', () => {
  it('deletes everything, page by page', async () => {
    const large = { S: 'x'.repeat(300_000) };
    for (let item = 0; item < 9; item += 1) {
      const Item = { stream: { S: `ledger/${item}` }, part: { S: 'head' }, large };
      await dynamodb.client.send(new PutItemCommand({ TableName: tables.segments.name, Item }));
    }
    const sweep = new DynamoDBSweep(dynamodb.client, tables.segments, simulatedEffects());
    let [deleted, pages] = [0, 0];
    for (let after: string | undefined; ; ) {
      const page = await sweep.page(after);
      deleted += page.deleted;
      pages += 1;
      after = page.next;
      if (after === undefined) break;
    }
    expect(deleted).toBe(9);
    expect(pages).toBeGreaterThan(1);
    expect(await sweep.page()).toEqual({ deleted: 0 });
  });
});
