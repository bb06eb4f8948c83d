import { beforeEach, describe, expect, it } from '@jest/globals';
import { problemLike } from '../../context-under-test.fixture.ts';
import { type DispenseUnderTest, dispenseUnderTest } from '../dispense-under-test.fixture.ts';
import { amoxicillin, at, ibuprofen, patient } from '../domain/dispense.fixture.ts';

let api: DispenseUnderTest;
beforeEach(() => {
  api = dispenseUnderTest();
});

const fresh = { 'cache-control': 'no-cache' };

describe('a dispense by hand', () => {
  it('appends one event for each command, from start to completion', async () => {
    const first = await api.post('/dispenses');
    const { id } = first.body as { id: string };
    expect(first).toMatchObject({
      status: 201,
      headers: { etag: '"1"', location: `/dispenses/${id}` },
      body: { id, version: 1, state: 'pending' },
    });
    expect(await api.post(`/dispenses/${id}/patient`, patient)).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { id, version: 2, state: 'pending' },
    });
    const drugs = [amoxicillin, ibuprofen];
    expect(await api.post(`/dispenses/${id}/drugs`, { drugs })).toMatchObject({ body: { version: 3 } });
    expect(await api.post(`/dispenses/${id}/complete`)).toMatchObject({
      status: 200,
      body: { version: 4, state: 'complete' },
    });
    expect(await api.eventsOf(id)).toEqual([
      ['Dispense:Started', { at: at(0) }],
      ['Dispense:PatientAdded', { ...patient, personId: expect.any(String) }],
      ['Dispense:DrugsAdded', { drugs, confirmsAnalysis: false }],
      ['Dispense:Completed', { at: at(0) }],
    ]);
  });

  it('is cancelled for a reason', async () => {
    const id = await api.start();
    expect(await api.post(`/dispenses/${id}/cancel`, { reason: ' Entered twice ' })).toMatchObject({
      status: 200,
      body: { version: 2, state: 'cancelled' },
    });
    expect((await api.eventsOf(id)).at(-1)).toEqual([
      'Dispense:Cancelled',
      { reason: 'Entered twice', at: at(0) },
    ]);
  });

  it('accepts a patient without an identifier', async () => {
    const id = await api.start();
    await api.post(`/dispenses/${id}/patient`, { name: patient.name, birthDate: patient.birthDate });
    expect((await api.eventsOf(id)).at(-1)).toEqual([
      'Dispense:PatientAdded',
      { name: patient.name, birthDate: patient.birthDate, personId: expect.any(String) },
    ]);
  });

  it('is safe to repeat with a key, but only as the same command', async () => {
    const headers = { 'idempotency-key': 'k' };
    const first = await api.post('/dispenses', {}, headers);
    expect(await api.post('/dispenses', undefined, headers)).toMatchObject({
      status: 201,
      body: first.body as object,
    });
    expect((await api.post('/dispenses', {}, headers)).body).toEqual(first.body);
    const { id } = first.body as { id: string };
    const answer = await api.post(`/dispenses/${id}/patient`, patient, headers);
    expect(answer).toMatchObject({ status: 422 });
    const added = await api.post(`/dispenses/${id}/patient`, patient, { 'idempotency-key': 'p' });
    const again = await api.post(`/dispenses/${id}/patient`, patient, { 'idempotency-key': 'p' });
    expect(again.body).toEqual(added.body);
    expect(await api.eventsOf(id)).toHaveLength(2);
  });
});

describe('queries', () => {
  it('show the dispense, fresh with no-cache', async () => {
    const id = await api.start();
    await api.project(id);
    await api.post(`/dispenses/${id}/patient`, patient);
    expect(await api.get(`/dispenses/${id}`)).toMatchObject({
      status: 200,
      headers: { etag: '"1"' },
      body: { id, version: 1, state: 'pending', drugs: [], startedAt: at(0), updatedAt: at(0) },
    });
    expect(await api.get(`/dispenses/${id}`, '', fresh)).toMatchObject({
      headers: { etag: '"2"' },
      body: { version: 2, patient },
    });
    expect(await api.get(`/dispenses/${id}`, '', { 'if-none-match': '"1"' })).toMatchObject({ status: 304 });
  });

  it('list dispenses, all or by state, in pages, oldest first', async () => {
    const ids: string[] = [];
    for (let minute = 0; minute < 5; minute += 1) {
      api.clock.now = at(minute);
      ids.push(await api.start());
    }
    await api.post(`/dispenses/${ids[1]}/cancel`, { reason: 'r' });
    await api.project(...ids);
    const pagesOf = async (query: string) =>
      (await Array.fromAsync(api.pages('/dispenses', `limit=2&${query}`))).map((items) =>
        items.map(({ id }) => id),
      );
    expect((await pagesOf('')).flat()).toEqual(ids);
    expect((await pagesOf('state=pending')).slice(0, 2)).toEqual([
      [ids[0], ids[2]],
      [ids[3], ids[4]],
    ]);
    expect(await pagesOf('state=cancelled')).toEqual([[ids[1]]]);
    expect(await pagesOf('state=ready')).toEqual([[]]);
    const { body } = await api.get('/dispenses', 'limit=1&state=pending');
    const { next } = body as { next: string };
    expect(await api.get('/dispenses', `state=ready&cursor=${next}`)).toMatchObject({ status: 400 });
    expect(await api.get('/dispenses', 'state=lost')).toMatchObject({ status: 400 });
  });

  it.each(['/dispenses/nobody', '/dispenses/nobody/prescription'])('answer 404: %s', async (path) => {
    for (const headers of [{}, fresh])
      expect(await api.get(path, '', headers)).toMatchObject(problemLike(404, 'dispense/not-found'));
  });
});
