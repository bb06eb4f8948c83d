import { beforeEach, describe, expect, it } from '@jest/globals';
import { contextUnderTest, problemLike } from '../../context-under-test.fixture.ts';
import ledger from '../context.ts';

const ledgerUnderTest = () => contextUnderTest(ledger);

let api: ReturnType<typeof ledgerUnderTest>;
beforeEach(() => {
  api = ledgerUnderTest();
});

describe('commands', () => {
  it('open an account and return its location', async () => {
    const answer = await api.post('/ledger', { currency: 'JPY', name: 'Travel', overdraftLimit: 500 });
    const { id } = answer.body as { id: string };
    expect(answer).toMatchObject({
      status: 201,
      headers: { etag: '"1"', location: `/ledger/${id}` },
      body: { version: 1, balance: '0', currency: 'JPY' },
    });
    expect(await api.eventsOf(id)).toEqual([
      ['Ledger:Opened', { currency: 'JPY', name: 'Travel', overdraftLimit: 500 }],
    ]);
  });

  it('open only one account for an idempotency key', async () => {
    const headers = { 'idempotency-key': 'open-1' };
    const first = await api.post('/ledger', { currency: 'USD' }, headers);
    const again = await api.post('/ledger', { currency: 'USD', overdraftLimit: '0.00' }, headers);
    expect(again).toMatchObject({ status: 201, body: first.body as object });
    expect(await api.post('/ledger', { currency: 'EUR' }, headers)).toMatchObject({ status: 422 });
    const { id } = first.body as { id: string };
    expect(await api.eventsOf(id)).toHaveLength(1);
    // Must never change: a retry may be sent after a deployment.
    expect(id).toBe('24f0fcc3-57bd-5e76-a73e-338e23574087');
  });

  it('credit and debit: the tour in docs', async () => {
    expect(await api.post('/ledger/a/credits', { amount: 34.0 })).toMatchObject({
      status: 201,
      headers: { location: '/ledger/a', etag: '"2"' },
      body: { id: 'a', version: 2, balance: '34.00', currency: 'USD' },
    });
    expect(await api.post('/ledger/a/debits', { amount: '18.50' })).toMatchObject({
      status: 200,
      body: { id: 'a', version: 3, balance: '15.50', currency: 'USD' },
    });
    expect(await api.eventsOf('a')).toEqual([
      ['Ledger:Opened', { currency: 'USD', overdraftLimit: 0 }],
      ['Ledger:Credited', { amount: 3_400 }],
      ['Ledger:Debited', { amount: 1_850 }],
    ]);
  });

  it('return the first answer for a repeated idempotency key, and append nothing', async () => {
    const headers = { 'idempotency-key': 'credit-1' };
    const first = await api.post('/ledger/a/credits', { amount: 34.0 }, headers);
    await api.post('/ledger/a/debits', { amount: 1 });
    const again = await api.post('/ledger/a/credits', { amount: '34.00' }, headers);
    expect({ ...again, headers: {} }).toEqual({ ...first, headers: {} });
    expect(again.headers['etag']).toBe('"2"');
    expect(await api.post('/ledger/a/credits', { amount: 35 }, headers)).toMatchObject(
      problemLike(422, 'idempotency-key-reused'),
    );
    expect(await api.eventsOf('a')).toHaveLength(3);
  });

  it('transfer between two accounts, both or neither', async () => {
    await api.post('/ledger/a/credits', { amount: 10 });
    await api.post('/ledger/b/credits', { amount: 1 });
    const headers = { 'idempotency-key': 'transfer-1' };
    const answer = await api.post('/ledger/a/transfers', { to: 'b', amount: 4 }, headers);
    expect(answer).toMatchObject({ status: 200, body: { id: 'a', version: 3, balance: '6.00' } });
    expect(await api.post('/ledger/a/transfers', { to: 'b', amount: 4 }, headers)).toMatchObject(answer);
    const [sent, received] = [(await api.eventsOf('a'))[2], (await api.eventsOf('b'))[2]];
    expect(sent).toEqual(['Ledger:TransferSent', { transferId: expect.any(String), to: 'b', amount: 400 }]);
    expect(received).toEqual([
      'Ledger:TransferReceived',
      { ...(sent?.[1] as object), to: undefined, from: 'a' },
    ]);
    expect(JSON.stringify(received)).not.toContain('transfer-1');
    for (const [to, amount, status, code] of [
      ['b', 7, 409, 'ledger/insufficient-funds'],
      ['none', 1, 404, 'ledger/receiver-not-found'],
      ['a', 1, 400, 'ledger/same-account'],
    ] as const) {
      const refusal = await api.post('/ledger/a/transfers', { to, amount });
      expect(refusal).toMatchObject(problemLike(status, code));
    }
    await api.post('/ledger/yen/credits', { amount: 1, currency: 'JPY' });
    expect(await api.post('/ledger/a/transfers', { to: 'yen', amount: 1 })).toMatchObject({ status: 409 });
    expect(await api.eventsOf('a')).toHaveLength(3);
    expect(await api.eventsOf('none')).toEqual([]);
  });

  it('keep the idempotency keys of senders and receivers apart', async () => {
    for (const id of ['a', 'b', 'c']) await api.post(`/ledger/${id}/credits`, { amount: 10 });
    const headers = { 'idempotency-key': '1' };
    const transfer = (from: string, to: string) =>
      api.post(`/ledger/${from}/transfers`, { to, amount: 1 }, headers);
    expect(await transfer('a', 'c')).toMatchObject({ status: 200, body: { balance: '9.00' } });
    expect(await transfer('b', 'c')).toMatchObject({ status: 200, body: { balance: '9.00' } });
    expect(await transfer('a', 'c')).toMatchObject({ status: 200, body: { balance: '9.00', version: 3 } });
    expect(await api.post('/ledger/c/credits', { amount: 5 }, headers)).toMatchObject({
      status: 200,
      body: { balance: '17.00' },
    });
    const received = (await api.eventsOf('c')).filter(([type]) => type === 'Ledger:TransferReceived');
    const ids = received.map(([, data]) => (data as { transferId: string }).transferId);
    expect(new Set(ids).size).toBe(2);
    expect(await api.eventsOf('c')).toHaveLength(5);
  });

  it('close an account at zero, with or without a body', async () => {
    await api.post('/ledger/a/credits', { amount: 1 });
    expect(await api.post('/ledger/a/close')).toMatchObject({ status: 409 });
    await api.post('/ledger/a/debits', { amount: 1 });
    const headers = { 'idempotency-key': 'close-1' };
    const closed = { status: 200, body: { version: 4, balance: '0.00' } };
    expect(await api.post('/ledger/a/close', {}, headers)).toMatchObject(closed);
    expect(await api.post('/ledger/a/close', undefined, headers)).toMatchObject(closed);
    expect(await api.post('/ledger/a/credits', { amount: 1 })).toMatchObject(
      problemLike(409, 'ledger/closed'),
    );
  });

  it('require the version in If-Match', async () => {
    await api.post('/ledger/a/credits', { amount: 1 });
    for (const tag of ['"1"', 'W/"2"', '"9", "8"']) {
      expect(await api.post('/ledger/a/debits', { amount: 1 }, { 'if-match': tag })).toMatchObject({
        status: 412,
      });
    }
    expect(await api.post('/ledger/none/debits', { amount: 1 }, { 'if-match': '*' })).toMatchObject({
      status: 412,
    });
    expect(await api.post('/ledger/a/debits', { amount: 1 }, { 'if-match': '"1", "2"' })).toMatchObject({
      status: 200,
    });
    expect(await api.eventsOf('a')).toHaveLength(3);
  });

  it.each([
    ['0', 400, 'invalid-body'],
    ['-1', 400, 'invalid-body'],
    ['"abc"', 400, 'invalid-body'],
    ['1e400', 400, 'inexact-number'],
    ['1e-7', 400, 'invalid-body'],
    ['0.001', 400, 'ledger/too-many-decimals'],
    ['123456789012345', 400, 'invalid-body'],
    ['1234567890123456', 400, 'invalid-body'],
    ['34.00000000000000001', 400, 'inexact-number'],
    ['"1234567890123456"', 400, 'invalid-body'],
    ['null', 400, 'invalid-body'],
    ['[1]', 400, 'invalid-body'],
  ])('refuse the amount %s with an explanation, and write nothing', async (amount, status, code) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.call('POST', '/ledger/a/credits', { headers, body: `{"amount":${amount}}` });
    expect(answer).toMatchObject(problemLike(status, code));
    expect((answer.body as { detail: string }).detail).toMatch(/^.{20,}[.]$/);
    expect(await api.eventsOf('a')).toEqual([]);
  });

  it('refuse unknown currencies, unknown fields, odd names and bad ids', async () => {
    for (const json of [
      { currency: 'XXX' },
      { currency: 'usd' },
      {},
      { currency: 'USD', colour: 'red' },
      { currency: 'USD', name: ' ' },
      { currency: 'USD', name: '\ud800' },
      { currency: 'USD', name: 'a\u0000' },
      { currency: 'USD', name: 'a\nb' },
      { currency: 'USD', name: '\u202ea' },
      { currency: 'USD', name: '\u{10ffff}' },
    ]) {
      expect(await api.post('/ledger', json)).toMatchObject({ status: 400 });
    }
    for (const id of ['_a', '%20', 'a%2Fb', 'x'.repeat(65), 'ä']) {
      expect(await api.post(`/ledger/${id}/credits`, { amount: 1 })).toMatchObject({ status: 400 });
    }
  });
});

describe('queries', () => {
  beforeEach(async () => {
    await api.post('/ledger/a/credits', { amount: 34 });
    await api.post('/ledger/a/debits', { amount: 18.5 });
  });

  it('return the row after projection, and own writes immediately with no-cache', async () => {
    expect(await api.get('/ledger/a')).toMatchObject({ status: 404 });
    const fresh = await api.get('/ledger/a', '', { 'cache-control': 'no-cache' });
    expect(fresh).toMatchObject({
      status: 200,
      headers: { etag: '"3"' },
      body: { balance: '15.50', version: 3 },
    });
    await api.project('a');
    expect(await api.get('/ledger/a')).toMatchObject({ status: 200, body: fresh.body as object });
    await api.post('/ledger/a/credits', { amount: 1 });
    expect(await api.get('/ledger/a')).toMatchObject({ body: { version: 3 } });
    expect(await api.get('/ledger/a', '', { 'cache-control': 'no-cache' })).toMatchObject({
      body: { version: 4, balance: '16.50' },
    });
  });

  it('answer 304 to a client that has the version', async () => {
    await api.project('a');
    expect(await api.get('/ledger/a', '', { 'if-none-match': '"3"' })).toMatchObject({ status: 304 });
    expect(await api.get('/ledger/a', '', { 'if-none-match': '"2"' })).toMatchObject({ status: 200 });
  });

  it('return a past state by version and by instant', async () => {
    expect(await api.get('/ledger/a', 'version=2')).toMatchObject({ body: { balance: '34.00', version: 2 } });
    api.clock.now = '2100-01-01T00:00:00.000Z';
    expect(await api.get('/ledger/a', 'at=2027-01-01T00:00:00Z')).toMatchObject({ body: { version: 3 } });
    expect(await api.get('/ledger/a', 'at=2027-01-01T01:00:00%2B02:00')).toMatchObject({
      body: { version: 3 },
    });
    expect(await api.get('/ledger/a', 'at=2100-01-01T00:00:02Z')).toMatchObject(
      problemLike(400, 'future-instant'),
    );
    expect(await api.get('/ledger/a', 'at=2000-01-01T00:00:00Z')).toMatchObject({ status: 404 });
    expect(await api.get('/ledger/a', 'version=4')).toMatchObject({ status: 404 });
    for (const query of [
      'version=0',
      'version=1.5',
      'version=x',
      'at=yesterday',
      'at=2026-01-01',
      'version=1&at=2027-01-01T00:00:00Z',
    ]) {
      expect(await api.get('/ledger/a', query)).toMatchObject({ status: 400 });
    }
  });

  it('page through the statement, newest first', async () => {
    for (let amount = 1; amount <= 5; amount += 1) await api.post('/ledger/a/credits', { amount });
    await api.project('a');
    const pages = api.pages<{ version: number; balance: string }>('/ledger/a/entries', 'limit=3');
    const shown = (await Array.fromAsync(pages)).map((items) =>
      items.map(({ version, balance }) => `${version} ${balance}`),
    );
    expect(shown).toEqual([
      ['8 30.50', '7 25.50', '6 21.50'],
      ['5 18.50', '4 16.50', '3 15.50'],
      ['2 34.00'],
    ]);
  });

  it('show own entries immediately with no-cache, each once', async () => {
    await api.project('a');
    await api.post('/ledger/a/credits', { amount: 1 });
    const versions = async (headers: Record<string, string>, query = '') =>
      (
        (await api.get('/ledger/a/entries', query, headers)).body as { items: { version: number }[] }
      ).items.map(({ version }) => version);
    expect(await versions({})).toEqual([3, 2]);
    expect(await versions({ 'cache-control': 'no-cache' })).toEqual([4, 3, 2]);
    expect(await versions({ 'cache-control': 'no-cache' }, 'limit=2')).toEqual([4, 3]);
  });

  it('refuse an invented cursor and a cursor of another list', async () => {
    await api.post('/ledger/b/credits', { amount: 1 });
    await api.post('/ledger/b/credits', { amount: 1 });
    await api.project('a', 'b');
    const { next } = (await api.get('/ledger/b/entries', 'limit=1')).body as { next: string };
    for (const cursor of ['abc', next.slice(0, -1), encodeURIComponent('"3"'), next]) {
      const path = cursor === next ? '/ledger/a/entries' : '/ledger/b/entries';
      expect(await api.get(path, `cursor=${cursor}`)).toMatchObject(problemLike(400, 'invalid-cursor'));
    }
  });

  it('list every account once', async () => {
    for (const id of ['b', 'c', 'd']) await api.post(`/ledger/${id}/credits`, { amount: 1 });
    await api.project('a', 'b', 'c', 'd');
    const pages = await Array.fromAsync(api.pages('/ledger', 'limit=3'));
    expect(pages.map((items) => items.map(({ id }) => id))).toEqual([['a', 'b', 'c'], ['d']]);
  });
});
