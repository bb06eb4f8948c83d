import { beforeEach, describe, expect, it } from '@jest/globals';
import { problemLike } from '../../context-under-test.fixture.ts';
import { type DispenseUnderTest, dispenseUnderTest } from '../dispense-under-test.fixture.ts';
import { amoxicillin, at, erase, patient } from '../domain/dispense.fixture.ts';

const fresh = { 'cache-control': 'no-cache' };
const known = '9c3a1e54-0b67-4a0a-8f8b-6b8f2f3f1d20';
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const corrected = { name: 'Wilhelmine Q.', birthDate: '1957-05-30' };

let api: DispenseUnderTest;
let id: string;
beforeEach(async () => {
  api = dispenseUnderTest();
  id = await api.start();
});

const add = (body: object = patient, headers = {}) => api.post(`/dispenses/${id}/patient`, body, headers);
const correct = (body: object = corrected, headers = {}) =>
  api.post(`/dispenses/${id}/patient/correct`, body, headers);
const shown = async (query = '') =>
  (await api.get(`/dispenses/${id}`, query, fresh)).body as unknown as {
    readonly patient: { readonly personId?: string };
  };
const personId = async () => (await shown()).patient.personId;

describe('the person of a patient', () => {
  beforeEach(() => {
    const { identifier, birthDate } = patient;
    api.addPerson({ personId: known, found: { identifier, birthDate } });
  });

  it.each([
    ['as it was', {}],
    ['in another case, with spaces', { identifier: ' ins-7351 -xq' }],
    ['with another name', { name: 'W. Quackenbush-Miller' }],
  ])('is the known one with the same identifier and birth date: %s', async (_what, change) => {
    await add({ ...patient, ...change });
    expect(await personId()).toBe(known);
  });

  it.each([
    ['another birth date', { birthDate: '1957-04-29' }],
    ['another identifier', { identifier: 'INS-7351-XR' }],
    ['no identifier', { identifier: undefined }],
  ])('is a new one with %s, each time another', async (_what, change) => {
    await add({ ...patient, ...change });
    const first = await personId();
    id = await api.start();
    await add({ ...patient, ...change });
    const second = await personId();
    for (const each of [first, second]) expect(each).toMatch(uuid);
    expect(new Set([first, second, known]).size).toBe(3);
  });

  it('is not another one after a retry with the same key', async () => {
    const headers = { 'idempotency-key': 'Quackenbush' };
    const unknown = { ...patient, identifier: 'INS-1' };
    const first = await add(unknown, headers);
    const person = await personId();
    expect(await add(unknown, headers)).toMatchObject({ status: 200, body: first.body });
    expect(await personId()).toBe(person);
    expect(await api.eventsOf(id)).toHaveLength(2);
  });

  it('follows a correction', async () => {
    await add({ ...patient, birthDate: '1957-04-29' });
    expect(await personId()).not.toBe(known);
    await correct(patient);
    expect(await personId()).toBe(known);
    await correct({ ...patient, identifier: 'INS-2' });
    expect(await personId()).not.toBe(known);
  });
});

describe('the lookup of the person', () => {
  const outage = Object.assign(new Error('The index is slow.'), { name: 'TimeoutError' });
  const asked: string[] = [];
  beforeEach(async () => {
    asked.length = 0;
    const search = async ({ identifier }: { readonly identifier: string }) => {
      asked.push(identifier);
      throw outage;
    };
    api = dispenseUnderTest({ persons: { search } });
    id = await api.start();
  });

  it('that fails is an outage: nothing is written', async () => {
    expect(await add()).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    await api.post(`/dispenses/${id}/patient`, corrected);
    expect(await correct(patient)).toMatchObject({ status: 503 });
    expect((await api.eventsOf(id)).map(([type]) => type)).toEqual([
      'Dispense:Started',
      'Dispense:PatientAdded',
    ]);
    expect(asked).toEqual([patient.identifier, patient.identifier]);
  });

  it.each([
    ['has no identifier', corrected, 200],
    ['is not born yet', { ...patient, birthDate: '2926-01-03' }, 400],
    ['is not valid', { ...patient, birthDate: 'x' }, 400],
  ])('is not made for a patient who %s', async (_what, body, status) => {
    expect(await add(body)).toMatchObject({ status });
    expect(asked).toEqual([]);
  });
});

describe('correcting the patient', () => {
  it('replaces all fields, and keeps the ones of before in the past', async () => {
    await add();
    expect(await correct()).toMatchObject({
      status: 200,
      headers: { etag: '"3"' },
      body: { id, version: 3, state: 'pending' },
    });
    expect((await shown()).patient).toEqual({ ...corrected, personId: expect.stringMatching(uuid) });
    expect((await shown('version=2')).patient).toMatchObject(patient);
    expect((await api.eventsOf(id)).at(-1)).toEqual([
      'Dispense:PatientCorrected',
      { ...corrected, personId: expect.any(String) },
    ]);
  });

  it('is possible after completion', async () => {
    await add();
    await api.post(`/dispenses/${id}/drugs`, { drugs: [amoxicillin] });
    await api.post(`/dispenses/${id}/complete`);
    expect(await correct()).toMatchObject({ status: 200, body: { state: 'complete' } });
    expect(await shown()).toMatchObject({ state: 'complete', patient: corrected });
  });

  it('is safe to repeat with a key', async () => {
    await add();
    const headers = { 'idempotency-key': 'correct' };
    const first = await correct(corrected, headers);
    expect(await correct(corrected, headers)).toMatchObject({ body: first.body });
    expect(await correct(patient, headers)).toMatchObject(problemLike(422, 'idempotency-key-reused'));
    expect(await api.eventsOf(id)).toHaveLength(3);
  });

  it.each([
    ['without a patient', corrected, 409, 'dispense/no-patient'],
    [
      'with a birth date in the future',
      { ...corrected, birthDate: '2026-01-04' },
      400,
      'dispense/birth-date-in-the-future',
    ],
    ['without a name', { birthDate: '1957-05-30' }, 400, 'invalid-body'],
    ['with a person', { ...corrected, personId: known }, 400, 'invalid-body'],
  ])('is refused %s', async (what, body, status, code) => {
    if (what !== 'without a patient') await add();
    const before = await api.eventsOf(id);
    expect(await correct(body)).toMatchObject({ status, body: { type: `urn:streamfold:problem:${code}` } });
    expect(await api.eventsOf(id)).toEqual(before);
  });
});

describe('an erased dispense', () => {
  beforeEach(async () => {
    await add();
    await api.send(id, { ...erase, now: at(10) } as typeof erase);
  });

  it('says so, and can be found in the list of cancelled ones', async () => {
    expect(await shown()).toMatchObject({ state: 'cancelled', endedAt: at(10), erasedAt: at(10) });
    await api.project(id);
    expect((await api.get('/dispenses', 'state=cancelled')).body).toMatchObject({
      items: [{ id, erasedAt: at(10) }],
    });
    expect((await api.get('/dispenses', 'state=pending')).body).toMatchObject({ items: [] });
  });

  it('refuses every command', async () => {
    const document = Buffer.from('Drug 1 mg');
    const answers = [
      add(),
      correct(),
      api.post(`/dispenses/${id}/drugs`, { drugs: [amoxicillin] }),
      api.post(`/dispenses/${id}/analysis/confirm`, { analysis: 'e1' }),
      api.post(`/dispenses/${id}/complete`),
      api.post(`/dispenses/${id}/cancel`, { reason: 'r' }),
      api.upload(id, document),
      api.addPage(id, document),
    ];
    for (const answer of await Promise.all(answers))
      expect(answer).toMatchObject(problemLike(409, 'dispense/erased'));
    // Both documents are removed.
    expect(api.documents.statuses.size).toBe(0);
  });
});
