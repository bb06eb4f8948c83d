import { beforeEach, describe, expect, it } from '@jest/globals';
import { commandIdOfKey, streamName } from '../../../kernel/index.ts';
import { contextUnderTest, problemLike } from '../../context-under-test.fixture.ts';
import context from '../context.ts';
import { legalGrounds } from '../domain/events.ts';

const jane = { identifier: 'INS 7351-xq', birthDate: '1984-02-29' };

let api: ReturnType<typeof newApi>;
beforeEach(() => {
  api = newApi();
});

function newApi() {
  const under = contextUnderTest(context);
  under.addPerson({
    personId: '00000000-0000-4000-8000-00006a616e65',
    found: jane,
    streams: ['dispense/d1', 'dispense/d2'],
  });
  return under;
}

const at = () => api.clock.now;
const erase = (id: string, legalGround = 'objection', headers = {}) =>
  api.post(`/persons/${id}/erase`, { legalGround }, headers);

describe('POST /persons/search', () => {
  const search = async (json: object) => {
    const { status, headers, body } = await api.post('/persons/search', json);
    expect({ status, headers }).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    return (body as { persons: { id: string }[] }).persons.map(({ id }) => id);
  };

  it('finds a person by the identifier, however it is written', async () => {
    for (const identifier of [
      jane.identifier,
      ' ins7351-XQ ',
      'INS\u00a07351-\uff38\uff31',
      'INS7351\u200b-XQ',
    ])
      expect(await search({ identifier })).toEqual(['00000000-0000-4000-8000-00006a616e65']);
    for (const identifier of ['INS 7351', 'INS7351XQ', '00000000-0000-4000-8000-00006a616e65'])
      expect(await search({ identifier })).toEqual([]);
  });

  it('tells persons with the same identifier apart by their birth dates', async () => {
    api.addPerson({
      personId: '00000000-0000-4000-8000-00006a6f616e',
      found: { ...jane, birthDate: '1990-01-01' },
    });
    expect(await search({ identifier: jane.identifier })).toEqual([
      '00000000-0000-4000-8000-00006a616e65',
      '00000000-0000-4000-8000-00006a6f616e',
    ]);
    expect(await search(jane)).toEqual(['00000000-0000-4000-8000-00006a616e65']);
    expect(await search({ ...jane, birthDate: '1990-01-02' })).toEqual([]);
  });

  it('finds one person who has two ids once, by the id that stands for both', async () => {
    api.addPerson({
      personId: '00000000-0000-4000-8000-00000000006a',
      sameAs: '00000000-0000-4000-8000-00006a616e65',
      found: jane,
    });
    expect(await search({ identifier: jane.identifier })).toEqual(['00000000-0000-4000-8000-00006a616e65']);
  });

  it.each([
    {},
    { identifier: '' },
    { identifier: 'a', birthDate: '29.2.1984' },
    { identifier: 'a', name: 'b' },
  ])('refuses %j, and does not quote it', async (json) => {
    expect(await api.post('/persons/search', json)).toMatchObject({ status: 400 });
    const secret = await api.post('/persons/search', {
      identifier: 'SECRET',
      birthDate: 'SECRET',
      SECRET: 1,
    });
    expect(JSON.stringify(secret)).not.toContain('SECRET');
  });

  it('has no other method', async () => {
    expect(await api.get('/persons/search')).toMatchObject({ status: 405 });
  });
});

describe('GET /persons/{id}', () => {
  it('shows a person without a hold or an erasure, with the streams', async () => {
    const body = {
      id: '00000000-0000-4000-8000-00006a616e65',
      version: 0,
      state: 'active',
      streams: ['dispense/d1', 'dispense/d2'],
    };
    const answer = await api.get('/persons/00000000-0000-4000-8000-00006a616e65');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(body);
  });

  it('shows what was committed a moment before', async () => {
    await api.post('/persons/00000000-0000-4000-8000-00006a616e65/hold');
    expect((await api.get('/persons/00000000-0000-4000-8000-00006a616e65')).body).toMatchObject({
      version: 1,
      state: 'held',
      since: at(),
    });
    await api.post('/persons/00000000-0000-4000-8000-00006a616e65/hold/lift');
    await erase('00000000-0000-4000-8000-00006a616e65');
    const requested = { version: 3, state: 'erasing', legalGround: 'objection', requestedAt: at() };
    expect((await api.get('/persons/00000000-0000-4000-8000-00006a616e65')).body).toMatchObject(requested);
  });

  it('still answers for an erased person', async () => {
    await erase('00000000-0000-4000-8000-00006a616e65');
    await api.send('00000000-0000-4000-8000-00006a616e65', { type: 'RecordErased', streams: 2, now: at() });
    api.addPerson({ personId: '00000000-0000-4000-8000-00006a616e65', found: jane, erasedAt: at() });
    await api.project('00000000-0000-4000-8000-00006a616e65');
    const { body } = await api.get('/persons/00000000-0000-4000-8000-00006a616e65');
    expect(body).toEqual({
      id: '00000000-0000-4000-8000-00006a616e65',
      version: 2,
      state: 'erased',
      since: at(),
      legalGround: 'objection',
      requestedAt: at(),
      erasedAt: at(),
      erasedStreams: 2,
      streams: [],
    });
    expect((await api.post('/persons/search', jane)).body).toEqual({ persons: [] });
  });

  it('gives the streams in pages, and a cursor of one person is for no other', async () => {
    const streams = Array.from({ length: 205 }, (_, n) => `dispense/d${String(n).padStart(3, '0')}` as const);
    api.addPerson({ personId: '00000000-0000-4000-8000-000062757379', streams });
    const found: string[] = [];
    let cursor = '';
    for (const length of [100, 100, 5]) {
      const { body } = await api.get('/persons/00000000-0000-4000-8000-000062757379', cursor);
      const page = body as { streams: string[]; next?: string };
      expect(page.streams).toHaveLength(length);
      found.push(...page.streams);
      cursor = `cursor=${page.next}`;
      if (page.next)
        expect(await api.get('/persons/00000000-0000-4000-8000-00006a616e65', cursor)).toMatchObject({
          status: 400,
        });
    }
    expect(cursor).toBe('cursor=undefined');
    expect(found).toEqual(streams);
  });
});

describe('commands', () => {
  it('answer 200 with the state, and append one event each', async () => {
    const held = {
      status: 200,
      headers: { etag: '"1"' },
      body: { id: '00000000-0000-4000-8000-00006a616e65', version: 1, state: 'held' },
    };
    expect(await api.post('/persons/00000000-0000-4000-8000-00006a616e65/hold')).toMatchObject(held);
    expect(await api.post('/persons/00000000-0000-4000-8000-00006a616e65/hold')).toMatchObject(held);
    expect(await erase('00000000-0000-4000-8000-00006a616e65')).toMatchObject(
      problemLike(409, 'person/legal-hold'),
    );
    expect(await api.post('/persons/00000000-0000-4000-8000-00006a616e65/hold/lift')).toMatchObject({
      status: 200,
      body: { state: 'active' },
    });
    expect(await api.post('/persons/00000000-0000-4000-8000-00006a616e65/hold/lift')).toMatchObject(
      problemLike(409, 'person/not-held'),
    );
    const erasing = await erase('00000000-0000-4000-8000-00006a616e65');
    expect(erasing).toMatchObject({
      status: 200,
      body: { id: '00000000-0000-4000-8000-00006a616e65', version: 3, state: 'erasing' },
    });
    expect(await erase('00000000-0000-4000-8000-00006a616e65', 'legal-obligation')).toEqual(erasing);
    expect(await api.post('/persons/00000000-0000-4000-8000-00006a616e65/hold')).toMatchObject(
      problemLike(409, 'person/erasing'),
    );
    expect(await api.eventsOf('00000000-0000-4000-8000-00006a616e65')).toEqual([
      ['Person:HoldPlaced', { at: at() }],
      ['Person:HoldLifted', { at: at() }],
      ['Person:ErasureRequested', { legalGround: 'objection', at: at() }],
    ]);
  });

  it('name no location: a command creates no person', async () => {
    expect((await erase('00000000-0000-4000-8000-00006a616e65')).headers).not.toHaveProperty('location');
  });

  it.each(legalGrounds)('erase for the ground %s', async (legalGround) => {
    expect(await erase('00000000-0000-4000-8000-00006a616e65', legalGround)).toMatchObject({ status: 200 });
  });

  it.each([{}, { legalGround: 'because' }, { legalGround: null }, undefined])(
    'refuse the ground %j, and list those that are allowed',
    async (json) => {
      const answer = await api.post('/persons/00000000-0000-4000-8000-00006a616e65/erase', json);
      expect(answer).toMatchObject({ status: 400 });
      if (json !== undefined)
        for (const ground of legalGrounds) expect(JSON.stringify(answer.body)).toContain(ground);
      expect(await api.eventsOf('00000000-0000-4000-8000-00006a616e65')).toEqual([]);
    },
  );

  it('are about the whole person: the id that stands for both', async () => {
    api.addPerson({
      personId: '00000000-0000-4000-8000-00000000006a',
      sameAs: '00000000-0000-4000-8000-00006a616e65',
    });
    expect(await erase('00000000-0000-4000-8000-00000000006a')).toMatchObject({
      status: 200,
      body: { id: '00000000-0000-4000-8000-00006a616e65' },
    });
    expect(await api.eventsOf('00000000-0000-4000-8000-00000000006a')).toEqual([]);
    expect((await api.get('/persons/00000000-0000-4000-8000-00000000006a')).body).toMatchObject({
      id: '00000000-0000-4000-8000-00006a616e65',
      state: 'erasing',
    });
  });

  it('are carried out once with a key', async () => {
    const headers = { 'idempotency-key': 'k' };
    const first = await erase('00000000-0000-4000-8000-00006a616e65', 'objection', headers);
    const again = await erase('00000000-0000-4000-8000-00006a616e65', 'objection', headers);
    expect(again).toMatchObject({ body: first.body as object, headers: { 'idempotency-replayed': 'true' } });
    expect(await erase('00000000-0000-4000-8000-00006a616e65', 'legal-obligation', headers)).toMatchObject({
      status: 422,
    });
  });

  it('store no key that a guess can confirm: it may have been made from a name', async () => {
    const key = 'erase Wilhelmine Quackenbush';
    const id = '00000000-0000-4000-8000-00006a616e65';
    expect(await erase(id, 'objection', { 'idempotency-key': key })).toMatchObject({ status: 200 });
    const [commit] = (await Array.fromAsync(api.log.read(streamName('person', id)))).flat();
    expect(commit?.commandId).not.toBe(commandIdOfKey({ tenant: 'default', caller: undefined }, key));
    expect(commit?.commandId).toMatch(/^§[\w-]{43}$/);
  });

  it('of two at the same time, only one is carried out: a hold or an erasure', async () => {
    const hold = () => api.post('/persons/00000000-0000-4000-8000-00006a616e65/hold');
    const answers = await Promise.all([hold(), erase('00000000-0000-4000-8000-00006a616e65')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await api.eventsOf('00000000-0000-4000-8000-00006a616e65')).toHaveLength(1);
    // With a version, the loser is told that it is outdated.
    const condition = { 'if-match': '"0"' };
    expect(await erase('00000000-0000-4000-8000-00006a616e65', 'objection', condition)).toMatchObject({
      status: 412,
    });
  });
});

it.each([
  '/persons/00000000-0000-4000-8000-00006e6f6e65',
  '/persons/00000000-0000-4000-8000-00006e6f6e65/hold',
  '/persons/00000000-0000-4000-8000-00006e6f6e65/hold/lift',
  '/persons/00000000-0000-4000-8000-00006e6f6e65/erase',
])('an id that the index does not know is 404: %s', async (path) => {
  const step = path.split('/').length > 3;
  const json = path.endsWith('erase') ? { legalGround: 'objection' } : undefined;
  const answer = step ? await api.post(path, json) : await api.get(path);
  expect(answer).toMatchObject(problemLike(404, 'person/not-found'));
  expect(await api.eventsOf('00000000-0000-4000-8000-00006e6f6e65')).toEqual([]);
});

it('the list has persons with a hold or an erasure, by state', async () => {
  for (const personId of [
    '00000000-0000-4000-8000-000000007031',
    '00000000-0000-4000-8000-000000007032',
    '00000000-0000-4000-8000-000000007033',
    '00000000-0000-4000-8000-000000007034',
  ])
    api.addPerson({ personId });
  await erase('00000000-0000-4000-8000-000000007032');
  await erase('00000000-0000-4000-8000-000000007031');
  await api.post('/persons/00000000-0000-4000-8000-000000007033/hold');
  await api.project(
    '00000000-0000-4000-8000-000000007031',
    '00000000-0000-4000-8000-000000007032',
    '00000000-0000-4000-8000-000000007033',
    '00000000-0000-4000-8000-000000007034',
  );
  const listed = async (query: string) => {
    const { body } = await api.get('/persons', query);
    return (body as { items: { id: string }[] }).items.map(({ id }) => id);
  };
  expect(await listed('state=erasing')).toEqual([
    '00000000-0000-4000-8000-000000007031',
    '00000000-0000-4000-8000-000000007032',
  ]);
  expect(await listed('state=held')).toEqual(['00000000-0000-4000-8000-000000007033']);
  expect(await listed('state=erased')).toEqual([]);
  expect(await listed('')).toEqual([
    '00000000-0000-4000-8000-000000007031',
    '00000000-0000-4000-8000-000000007032',
    '00000000-0000-4000-8000-000000007033',
  ]);
  expect(await api.get('/persons', 'state=lost')).toMatchObject({ status: 400 });
});
