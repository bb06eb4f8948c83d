import { beforeEach, describe, expect, it } from '@jest/globals';
import { createCursors } from '../../../http/cursor.ts';
import { testApi } from '../../../http/testing.ts';
import { CommandHandler, Projector } from '../../../kernel/index.ts';
import {
  MemoryEventLog,
  MemoryParkingLot,
  MemoryReadModel,
  MemorySnapshotStore,
} from '../../../kernel/memory/index.ts';
import { simulatedEffects } from '../../../kernel/testing/index.ts';
import { ledger } from '../domain/account.ts';
import { ledgerEvents } from '../domain/events.ts';
import { type AccountRow, type Entry, ledgerProjection } from '../read-model/projection.ts';
import { balanceAnswer } from './answers.ts';
import { ledgerRoutes } from './routes.ts';

function setUp() {
  const log = new MemoryEventLog();
  const readModel = new MemoryReadModel<AccountRow, Entry>(ledgerProjection);
  const handler = new CommandHandler({
    log,
    snapshots: new MemorySnapshotStore(),
    decider: ledger,
    events: ledgerEvents,
    answer: balanceAnswer,
    snapshotThreshold: 100,
    effects: simulatedEffects(),
  });
  const projector = new Projector({
    projection: ledgerProjection,
    log,
    readModel,
    parkingLot: new MemoryParkingLot(),
    effects: simulatedEffects(),
  });
  const call = testApi(
    ledgerRoutes({ handler, log, readModel, cursors: createCursors(Buffer.alloc(32, 7)) }),
  );
  const post = (path: string, json?: object, headers: Record<string, string> = {}) =>
    call('POST', path, json === undefined ? { headers } : { json, headers });
  const get = (path: string, query?: string, headers: Record<string, string> = {}) =>
    call('GET', path, { headers, ...(query !== undefined && { query }) });
  /** What the log has of an account: type and data of every event. */
  const events = async (id: string) =>
    (await Array.fromAsync(log.read(`ledger/${id}`)))
      .flat()
      .flatMap((commit) => commit.events.map(({ type, data }) => [type, data]));
  /** Lets the projector catch up. */
  const project = (...ids: readonly string[]) =>
    Promise.all(
      ids.map(async (id) => {
        const commits = (await Array.fromAsync(log.read(`ledger/${id}`))).flat();
        const reachedVersion = commits.reduce((sum, commit) => sum + commit.events.length, 0);
        return projector.project([{ stream: `ledger/${id}`, commits, reachedVersion }]);
      }),
    );
  return { call, post, get, events, project };
}

let api: ReturnType<typeof setUp>;
beforeEach(() => {
  api = setUp();
});

describe('commands', () => {
  it('open an account and say where it is', async () => {
    const answer = await api.post('/ledger', { currency: 'JPY', name: 'Travel', overdraftLimit: 500 });
    const { id } = answer.body as { id: string };
    expect(answer).toMatchObject({
      status: 201,
      headers: { etag: '"1"', location: `/ledger/${id}` },
      body: { version: 1, balance: '0', currency: 'JPY' },
    });
    expect(await api.events(id)).toEqual([
      ['Ledger:Opened', { currency: 'JPY', name: 'Travel', overdraftLimit: 500 }],
    ]);
  });

  it('open one account for one idempotency key', async () => {
    const headers = { 'idempotency-key': 'open-1' };
    const first = await api.post('/ledger', { currency: 'USD' }, headers);
    const again = await api.post('/ledger', { currency: 'USD', overdraftLimit: '0.00' }, headers);
    expect(again).toMatchObject({ status: 201, body: first.body as object });
    expect(await api.post('/ledger', { currency: 'EUR' }, headers)).toMatchObject({ status: 422 });
    expect(await api.events((first.body as { id: string }).id)).toHaveLength(1);
  });

  it('credit and debit: the tour of the README', async () => {
    expect(await api.post('/ledger/a/credits', { amount: 34.0 })).toMatchObject({
      status: 201,
      headers: { location: '/ledger/a', etag: '"2"' },
      body: { id: 'a', version: 2, balance: '34.00', currency: 'USD' },
    });
    expect(await api.post('/ledger/a/debits', { amount: '18.50' })).toMatchObject({
      status: 200,
      body: { id: 'a', version: 3, balance: '15.50', currency: 'USD' },
    });
    expect(await api.events('a')).toEqual([
      ['Ledger:Opened', { currency: 'USD', overdraftLimit: 0 }],
      ['Ledger:Credited', { amount: 3_400 }],
      ['Ledger:Debited', { amount: 1_850 }],
    ]);
  });

  it('answer the same again for the same idempotency key, and add nothing', async () => {
    const headers = { 'idempotency-key': 'credit-1' };
    const first = await api.post('/ledger/a/credits', { amount: 34.0 }, headers);
    await api.post('/ledger/a/debits', { amount: 1 });
    const again = await api.post('/ledger/a/credits', { amount: '34.00' }, headers);
    expect({ ...again, headers: {} }).toEqual({ ...first, headers: {} });
    expect(again.headers['etag']).toBe('"2"');
    expect(await api.post('/ledger/a/credits', { amount: 35 }, headers)).toMatchObject({
      status: 422,
      body: { type: 'urn:streamfold:problem:idempotency-key-reused' },
    });
    expect(await api.events('a')).toHaveLength(3);
  });

  it('transfer between two accounts, both or neither', async () => {
    await api.post('/ledger/a/credits', { amount: 10 });
    await api.post('/ledger/b/credits', { amount: 1 });
    const headers = { 'idempotency-key': 'transfer-1' };
    const answer = await api.post('/ledger/a/transfers', { to: 'b', amount: 4 }, headers);
    expect(answer).toMatchObject({ status: 200, body: { id: 'a', version: 3, balance: '6.00' } });
    expect(await api.post('/ledger/a/transfers', { to: 'b', amount: 4 }, headers)).toMatchObject(answer);
    const [sent, received] = [(await api.events('a'))[2], (await api.events('b'))[2]];
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
      expect(refusal).toMatchObject({ status, body: { type: `urn:streamfold:problem:${code}` } });
    }
    await api.post('/ledger/yen/credits', { amount: 1, currency: 'JPY' });
    expect(await api.post('/ledger/a/transfers', { to: 'yen', amount: 1 })).toMatchObject({ status: 409 });
    expect(await api.events('a')).toHaveLength(3);
    expect(await api.events('none')).toEqual([]);
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
    expect(await api.events('c')).toHaveLength(5);
  });

  it('close an account at zero, with or without a body', async () => {
    await api.post('/ledger/a/credits', { amount: 1 });
    expect(await api.post('/ledger/a/close')).toMatchObject({ status: 409 });
    await api.post('/ledger/a/debits', { amount: 1 });
    const headers = { 'idempotency-key': 'close-1' };
    const closed = { status: 200, body: { version: 4, balance: '0.00' } };
    expect(await api.post('/ledger/a/close', {}, headers)).toMatchObject(closed);
    expect(await api.post('/ledger/a/close', undefined, headers)).toMatchObject(closed);
    expect(await api.post('/ledger/a/credits', { amount: 1 })).toMatchObject({
      status: 409,
      body: { type: 'urn:streamfold:problem:ledger/closed' },
    });
  });

  it('keep to the version that If-Match names', async () => {
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
    expect(await api.events('a')).toHaveLength(3);
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
  ])('refuse the amount %s with a sentence, and write nothing', async (amount, status, code) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.call('POST', '/ledger/a/credits', { headers, body: `{"amount":${amount}}` });
    expect(answer).toMatchObject({ status, body: { type: `urn:streamfold:problem:${code}` } });
    expect((answer.body as { detail: string }).detail).toMatch(/^.{20,}[.]$/);
    expect(await api.events('a')).toEqual([]);
  });

  it('refuse unknown currencies, unknown fields, odd names and bad ids', async () => {
    for (const json of [
      { currency: 'XXX' },
      { currency: 'usd' },
      {},
      { currency: 'USD', colour: 'red' },
      { currency: 'USD', name: ' ' },
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

  it('answer the row once it is projected, and one’s own writes at once when asked', async () => {
    expect(await api.get('/ledger/a')).toMatchObject({ status: 404 });
    const fresh = await api.get('/ledger/a', undefined, { 'cache-control': 'no-cache' });
    expect(fresh).toMatchObject({
      status: 200,
      headers: { etag: '"3"' },
      body: { balance: '15.50', version: 3 },
    });
    await api.project('a');
    expect(await api.get('/ledger/a')).toMatchObject({ status: 200, body: fresh.body as object });
    await api.post('/ledger/a/credits', { amount: 1 });
    expect(await api.get('/ledger/a')).toMatchObject({ body: { version: 3 } });
    expect(await api.get('/ledger/a', undefined, { 'cache-control': 'no-cache' })).toMatchObject({
      body: { version: 4, balance: '16.50' },
    });
  });

  it('answer 304 to a client that has the version', async () => {
    await api.project('a');
    expect(await api.get('/ledger/a', undefined, { 'if-none-match': '"3"' })).toMatchObject({ status: 304 });
    expect(await api.get('/ledger/a', undefined, { 'if-none-match': '"2"' })).toMatchObject({ status: 200 });
  });

  it('answer the past by version and by instant', async () => {
    expect(await api.get('/ledger/a', 'version=2')).toMatchObject({ body: { balance: '34.00', version: 2 } });
    expect(await api.get('/ledger/a', 'at=2100-01-01T00:00:00Z')).toMatchObject({ body: { version: 3 } });
    expect(await api.get('/ledger/a', 'at=2100-01-01T01:00:00%2B02:00')).toMatchObject({
      body: { version: 3 },
    });
    expect(await api.get('/ledger/a', 'at=2000-01-01T00:00:00Z')).toMatchObject({ status: 404 });
    expect(await api.get('/ledger/a', 'version=4')).toMatchObject({ status: 404 });
    for (const query of [
      'version=0',
      'version=1.5',
      'version=x',
      'at=yesterday',
      'at=2026-01-01',
      'version=1&at=2100-01-01T00:00:00Z',
    ]) {
      expect(await api.get('/ledger/a', query)).toMatchObject({ status: 400 });
    }
  });

  it('page through the statement, newest first', async () => {
    for (let amount = 1; amount <= 5; amount += 1) await api.post('/ledger/a/credits', { amount });
    await api.project('a');
    const seen: unknown[] = [];
    let query = 'limit=3';
    for (;;) {
      const { body } = await api.get('/ledger/a/entries', query);
      const { items, next } = body as { items: { version: number; balance: string }[]; next?: string };
      seen.push(...items.map(({ version, balance }) => `${version} ${balance}`));
      if (next === undefined) break;
      query = `limit=3&cursor=${next}`;
    }
    expect(seen).toEqual(['8 30.50', '7 25.50', '6 21.50', '5 18.50', '4 16.50', '3 15.50', '2 34.00']);
  });

  it('show one’s own entries at once when asked, each once', async () => {
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

  it('refuse a cursor that was made up or belongs to another list', async () => {
    await api.post('/ledger/b/credits', { amount: 1 });
    await api.post('/ledger/b/credits', { amount: 1 });
    await api.project('a', 'b');
    const { next } = (await api.get('/ledger/b/entries', 'limit=1')).body as { next: string };
    for (const cursor of ['abc', next.slice(0, -1), encodeURIComponent('"3"'), next]) {
      const path = cursor === next ? '/ledger/a/entries' : '/ledger/b/entries';
      expect(await api.get(path, `cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { type: 'urn:streamfold:problem:invalid-cursor' },
      });
    }
  });

  it('list every account once', async () => {
    for (const id of ['b', 'c', 'd']) await api.post(`/ledger/${id}/credits`, { amount: 1 });
    await api.project('a', 'b', 'c', 'd');
    const first = (await api.get('/ledger', 'limit=3')).body as { items: { id: string }[]; next: string };
    const second = (await api.get('/ledger', `limit=3&cursor=${first.next}`)).body as {
      items: { id: string }[];
    };
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    expect(second).not.toHaveProperty('next');
  });
});
