import { beforeEach, describe, expect, it } from '@jest/globals';
import { dynamodbReadModels } from '../dynamodb-read-models.fixture.ts';
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
import { largestDispense, largestDrugs, mixedText } from './large-dispenses.fixture.ts';
import { dispenseProjection } from './read-model/projection.ts';

const readModelOf = dynamodbReadModels();

let api: DispenseUnderTest;
beforeEach(() => {
  api = dispenseUnderTest({ readModel: readModelOf(dispenseProjection) });
});

const idsOf = async (query: string) =>
  (await Array.fromAsync(api.pages('/dispenses', query))).flat().map(({ id }) => id);

describe('dispenses on DynamoDB', () => {
  it('are rows that reflect all events', async () => {
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

  it.each([
    ['one Chinese character', '\u4e00'],
    ['a quotation mark', '"'],
    ['many Chinese characters', mixedText()],
  ])('have room for everything of the greatest lengths, of %s', async (_what, text) => {
    const id = await api.start();
    for (const command of largestDispense(text, at(1)).slice(1)) await api.send(id, command);
    await api.send(id, { type: 'Cancel', reason: largestDrugs(text)[0]?.directions ?? '', now: at(2) });
    await api.project(id);
    const stored = await api.get(`/dispenses/${id}`);
    expect(stored).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    const fresh = await api.get(`/dispenses/${id}`, '', { 'cache-control': 'no-cache' });
    expect(stored.body).toEqual(fresh.body);
    const [row] = [...(await api.readModel.load([id])).values()];
    expect(Buffer.byteLength(JSON.stringify(row?.row))).toBeLessThan(400 * 1024 - 2_000);
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
