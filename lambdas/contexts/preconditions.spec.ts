import { describe, expect, it } from '@jest/globals';
import { contextUnderTest, problemLike } from './context-under-test.fixture.ts';
import { dispenseUnderTest } from './dispense/dispense-under-test.fixture.ts';
import ledger from './ledger/context.ts';
import metrics from './metrics/context.ts';

const mismatch = problemLike(412, 'version-mismatch');
const createOnly = { 'if-none-match': '*' };

/** An account at version 2, and the names of its events. */
async function creditedAccount() {
  const api = contextUnderTest(ledger);
  await api.post('/ledger/a/credits', { amount: 5 });
  const credit = (headers: Readonly<Record<string, string>>, id = 'a') =>
    api.post(`/ledger/${id}/credits`, { amount: 1 }, headers);
  return { ...api, credit };
}

describe('If-None-Match on a command', () => {
  it('with * carries out the command only if the account does not exist', async () => {
    const api = await creditedAccount();
    expect(await api.credit(createOnly)).toMatchObject(mismatch);
    expect(await api.eventsOf('a')).toHaveLength(2);
    expect(await api.credit(createOnly, 'b')).toMatchObject({ status: 201 });
    expect(await api.credit(createOnly, 'b')).toMatchObject(mismatch);
    expect(await api.eventsOf('b')).toHaveLength(2);
  });

  it('with * refuses every command on a stream that exists', async () => {
    const api = await creditedAccount();
    await api.post('/ledger/b/credits', { amount: 1 });
    for (const [step, json] of [
      ['debits', { amount: 1 }],
      ['transfers', { amount: 1, to: 'b' }],
      ['close', undefined],
    ] as const) {
      expect(await api.post(`/ledger/a/${step}`, json, createOnly)).toMatchObject(mismatch);
    }
    expect(await api.eventsOf('a')).toHaveLength(2);
    expect(await api.eventsOf('b')).toHaveLength(2);
    const other = contextUnderTest(metrics);
    const metric = await other.create('/metrics', { name: 'Sign-ups' });
    expect(await other.post(`/metrics/${metric}/values`, { value: 1 }, createOnly)).toMatchObject(mismatch);
    expect(await other.eventsOf(metric)).toHaveLength(1);
  });

  it('with * refuses an upload to a dispense that exists, and keeps no document', async () => {
    const api = dispenseUnderTest();
    const id = await api.start();
    expect(await api.upload(id, Buffer.from('Amoxicillin'), createOnly)).toMatchObject(mismatch);
    expect(api.documents.statuses.size).toBe(0);
    expect(await api.eventsOf(id)).toHaveLength(1);
  });

  it('with * and a key gets the first answer again', async () => {
    const api = contextUnderTest(ledger);
    const headers = { ...createOnly, 'idempotency-key': 'open' };
    const first = await api.post('/ledger', { currency: 'USD' }, headers);
    expect(first).toMatchObject({ status: 201 });
    expect(await api.post('/ledger', { currency: 'USD' }, headers)).toMatchObject({
      status: 201,
      body: first.body as object,
    });
    const credited = await api.post('/ledger/a/credits', { amount: 1 }, headers);
    expect(await api.post('/ledger/a/credits', { amount: 1 }, headers)).toMatchObject({
      status: 201,
      body: credited.body as object,
    });
    expect(await api.eventsOf('a')).toHaveLength(2);
  });

  it('leaves a key unused that it refuses', async () => {
    const api = await creditedAccount();
    const key = { 'idempotency-key': 'later' };
    expect(await api.credit({ ...createOnly, ...key })).toMatchObject(mismatch);
    expect(await api.credit(key)).toMatchObject({ status: 200 });
  });

  it.each(['"2"', 'W/"2"', '"1", "2"', ' , "2" ,'])('refuses the current version in %j', async (tags) => {
    const api = await creditedAccount();
    expect(await api.credit({ 'if-none-match': tags })).toMatchObject(mismatch);
    expect(await api.eventsOf('a')).toHaveLength(2);
  });

  it.each(['"1"', '"3", "4"', '"abc"', '""', '"02"'])(
    'carries out the command at other versions than %j',
    async (tags) => {
      const api = await creditedAccount();
      expect(await api.credit({ 'if-none-match': tags })).toMatchObject({ status: 200 });
    },
  );

  it('accepts a stream that does not exist, whatever the list', async () => {
    const api = await creditedAccount();
    expect(await api.credit({ 'if-none-match': '"0", "1"' }, 'none')).toMatchObject({ status: 201 });
  });

  it.each(['', '2', '*, "2"', '"2'])('is refused if it is malformed: %j', async (header) => {
    const api = await creditedAccount();
    expect(await api.credit({ 'if-none-match': header })).toMatchObject(problemLike(400, 'invalid-header'));
    expect(await api.eventsOf('a')).toHaveLength(2);
  });

  it('holds together with If-Match', async () => {
    const api = await creditedAccount();
    expect(await api.credit({ 'if-match': '"2"', 'if-none-match': '"2"' })).toMatchObject(mismatch);
    expect(await api.credit({ 'if-match': '"1"', 'if-none-match': '"1"' })).toMatchObject(mismatch);
    expect(await api.credit({ 'if-match': '"2"', 'if-none-match': '"1"' })).toMatchObject({ status: 200 });
  });
});

describe('If-Match on a GET', () => {
  const read = async (path: string, header: string, method = 'GET') => {
    const api = await creditedAccount();
    await api.project('a');
    return await api.call(method, path, { headers: { 'if-match': header } });
  };

  it.each(['"2"', '"1", "2"', '*'])('answers the account at version 2 for %j', async (header) => {
    expect(await read('/ledger/a', header)).toMatchObject({ status: 200, headers: { etag: '"2"' } });
  });

  it.each(['"1"', 'W/"2"', '"abc"'])('refuses the account at version 2 for %j', async (header) => {
    expect(await read('/ledger/a', header)).toMatchObject(mismatch);
    expect(await read('/ledger/a', header, 'HEAD')).toMatchObject({ status: 412, body: undefined });
  });

  it('is refused if it is malformed', async () => {
    expect(await read('/ledger/a', '2')).toMatchObject(problemLike(400, 'invalid-header'));
  });

  it('leaves the 404 of an account that does not exist, as RFC 9110, 13.2.1 requires', async () => {
    for (const header of ['*', '"1"'])
      expect(await read('/ledger/none', header)).toMatchObject({ status: 404 });
  });

  it('matches an answer without an ETag only for *', async () => {
    expect(await read('/ledger', '*')).toMatchObject({ status: 200 });
    expect(await read('/ledger', '"2"')).toMatchObject(mismatch);
  });

  it('is evaluated before If-None-Match', async () => {
    const api = await creditedAccount();
    await api.project('a');
    const both = (ifMatch: string) =>
      api.get('/ledger/a', '', { 'if-match': ifMatch, 'if-none-match': '"2"' });
    expect(await both('"1"')).toMatchObject(mismatch);
    expect(await both('"2"')).toMatchObject({ status: 304 });
  });
});
