import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../../../test/support/test-dynamodb.ts';
import { DynamoDBReadModel } from '../../kernel/dynamodb/index.ts';
import { simulatedEffects } from '../../kernel/testing/index.ts';
import { type DispenseUnderTest, dispenseUnderTest } from './dispense-under-test.fixture.ts';
import {
  addDrugs,
  addPatient,
  amoxicillin,
  at,
  patient,
  recordAnalysis,
  upload,
} from './domain/dispense.fixture.ts';
import { type DispenseRow, dispenseProjection } from './read-model/projection.ts';

let dynamodb: TestDynamoDB;
let api: DispenseUnderTest;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
});
afterAll(() => dynamodb.stop());

beforeEach(() => {
  const { client } = dynamodb;
  const generation = randomUUID();
  api = dispenseUnderTest({
    readModel: new DynamoDBReadModel<DispenseRow, never>(client, {
      table: tables.readModel,
      generation,
      projection: dispenseProjection,
      effects: simulatedEffects(),
    }),
  });
});

const idsOf = async (query: string) => {
  const seen: string[] = [];
  let cursor = '';
  for (let page = 0; page < 50; page += 1) {
    const { status, body } = await api.get('/dispenses', `${query}${cursor}`);
    expect(status).toBe(200);
    const { items, next } = body as { items: { id: string }[]; next?: string };
    seen.push(...items.map(({ id }) => id));
    if (next === undefined) return seen;
    cursor = `&cursor=${next}`;
  }
  throw new Error('There is no end to the pages.');
};

describe('dispenses on DynamoDB', () => {
  it('are rows with all that happened', async () => {
    const id = await api.start();
    await api.send(id, upload('k1', at(1)));
    await api.send(id, recordAnalysis('k1'));
    await api.send(id, addPatient);
    await api.send(id, addDrugs(amoxicillin));
    await api.project(id);
    const stored = await api.get(`/dispenses/${id}`);
    expect(stored).toMatchObject({
      status: 200,
      headers: { etag: '"5"' },
      body: { state: 'ready', patient },
    });
    const fresh = await api.get(`/dispenses/${id}`, '', { 'cache-control': 'no-cache' });
    expect(stored.body).toEqual(fresh.body);
  });

  it('are listed by state as it changes, oldest first, over all index partitions', async () => {
    const ids: string[] = [];
    for (let minute = 0; minute < 24; minute += 1) {
      api.clock.now = at(minute);
      ids.push(await api.start());
    }
    await api.project(...ids);
    const cancelled = ids.filter((_, index) => index % 3 === 0);
    for (const id of cancelled) await api.post(`/dispenses/${id}/cancel`, { reason: 'r' });
    await api.project(...cancelled);
    for (const limit of [1, 7, 24]) {
      expect(await idsOf(`limit=${limit}`)).toEqual(ids);
      expect(await idsOf(`limit=${limit}&state=cancelled`)).toEqual(cancelled);
      expect(await idsOf(`limit=${limit}&state=pending`)).toEqual(
        ids.filter((id) => !cancelled.includes(id)),
      );
    }
    expect(await idsOf('state=complete')).toEqual([]);
  });
});
