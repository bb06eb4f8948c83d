import { Logger } from '@aws-lambda-powertools/logger';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createApiHandler } from '../../../http/api-handler.ts';
import { createCursors } from '../../../http/cursor.ts';
import { identifier } from '../../../http/identify.ts';
import { noAudit, testContext } from '../../../http/testing.ts';
import { memoryContext } from '../../../kernel/testing/index.ts';
import { ledgerContext } from '../context.ts';
import { ledgerRoutes } from './routes.ts';

const issuer = 'https://issuer.example.com/';
const both = 'ledger:read ledger:write';

let memory: ReturnType<typeof newMemory>;
let api: ReturnType<typeof apiOf>;
const newMemory = () => memoryContext(ledgerContext);

beforeEach(async () => {
  memory = newMemory();
  api = apiOf();
  await as('jane').post('/ledger/janes/credits', { amount: 10 });
  await as('bob').post('/ledger/bobs/credits', { amount: 10 });
});

/** Accounts have owners: no caller has `ledger:any` unless the token says so. */
function apiOf() {
  return createApiHandler({
    routes: ledgerRoutes({ ...memory, cursors: createCursors(Buffer.alloc(32, 1)) }),
    logger: new Logger({ logLevel: 'SILENT' }),
    identify: identifier({
      kind: 'jwt',
      issuer,
      scopes: 'as-named',
      claims: { subject: 'sub', scopes: ['scope'] },
    }),
    recordRead: noAudit,
    now: () => memory.clock.now,
  });
}

function as(sub: string, scope = both) {
  const send = async (method: string, path: string, json?: object, headers: object = {}) => {
    const [rawPath = '', rawQueryString = ''] = path.split('?');
    const result = await api(
      {
        version: '2.0',
        rawPath,
        rawQueryString,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-cache', ...headers },
        requestContext: { http: { method }, authorizer: { jwt: { claims: { iss: issuer, sub, scope } } } },
        ...(json && { body: JSON.stringify(json) }),
      },
      testContext,
    );
    const body = result.body === undefined ? undefined : JSON.parse(result.body);
    return { status: result.statusCode, headers: result.headers, body };
  };
  return {
    get: (path: string) => send('GET', path),
    post: (path: string, json: object = {}, headers: object = {}) => send('POST', path, json, headers),
  };
}

/** An answer without what differs between two requests. */
const plain = ({ status, body }: { status: number; body?: { instance?: string } }) => ({
  status,
  body: { ...body, instance: '' },
});
const balanceOf = async (id: string) =>
  ((await as('auditor', 'ledger:read ledger:any').get(`/ledger/${id}`)).body as { balance: string }).balance;

const privateOperations: readonly [string, string, object?][] = [
  ['GET', '/ledger/*'],
  ['GET', '/ledger/*?version=1'],
  ['GET', '/ledger/*/entries'],
  ['POST', '/ledger/*/debits', { amount: 1 }],
  ['POST', '/ledger/*/transfers', { to: 'bobs', amount: 1 }],
  ['POST', '/ledger/*/close'],
];

describe.each(privateOperations)('%s %s', (method, path, json) => {
  const send = (who: ReturnType<typeof as>, id: string) =>
    method === 'GET' ? who.get(path.replace('*', id)) : who.post(path.replace('*', id), json);

  it('answers the same for an account of another owner and for none', async () => {
    const [foreign, none] = [await send(as('bob'), 'janes'), await send(as('bob'), 'nobodys')];
    expect(foreign).toMatchObject({ status: 404, body: { type: 'urn:streamfold:problem:ledger/not-found' } });
    expect(plain(foreign)).toEqual(plain(none));
    expect(await balanceOf('janes')).toBe('10.00');
  });

  it('is for the owner, and for callers with ledger:any', async () => {
    for (const who of [as('jane'), as('staff', `${both} ledger:any`)]) {
      expect((await send(who, 'janes')).status).not.toBe(404);
    }
  });

  it('refuses a malformed id as before', async () => {
    expect((await send(as('bob'), '%21')).status).toBe(400);
  });
});

describe('paying in', () => {
  it('is for everyone, and shows nothing of an account of another owner', async () => {
    const answer = await as('bob').post('/ledger/janes/credits', { amount: 5 });
    expect(answer).toMatchObject({ status: 204, body: undefined });
    expect(Object.keys(answer.headers)).toEqual(['cache-control', 'x-correlation-id']);
    expect(await balanceOf('janes')).toBe('15.00');
    expect(await as('jane').post('/ledger/janes/credits', { amount: 1 })).toMatchObject({
      status: 200,
      body: { balance: '16.00' },
    });
  });

  it('is safe to repeat with a key', async () => {
    const pay = () => as('bob').post('/ledger/janes/credits', { amount: 5 }, { 'idempotency-key': 'pay-1' });
    expect(await pay()).toMatchObject({ status: 204 });
    expect(await pay()).toMatchObject({ status: 204, headers: { 'idempotency-replayed': 'true' } });
    expect(await balanceOf('janes')).toBe('15.00');
  });

  it('by a transfer is for everyone', async () => {
    const transfer = { to: 'janes', amount: 4 };
    expect(await as('bob').post('/ledger/bobs/transfers', transfer)).toMatchObject({
      status: 200,
      body: { id: 'bobs', balance: '6.00' },
    });
    expect(await balanceOf('janes')).toBe('14.00');
  });

  it('with a condition is for the owner, because conditions tell the version', async () => {
    for (const headers of [{ 'if-match': '"2"' }, { 'if-match': '"9"' }, { 'if-none-match': '"9"' }]) {
      expect(await as('bob').post('/ledger/janes/credits', { amount: 1 }, headers)).toMatchObject({
        status: 404,
      });
    }
    expect(
      (await as('jane').post('/ledger/janes/credits', { amount: 1 }, { 'if-match': '"2"' })).status,
    ).toBe(200);
  });

  it('to a new id opens an account of the payer, if it must be new', async () => {
    const isNew = { 'if-none-match': '*' };
    expect((await as('bob').post('/ledger/new/credits', { amount: 1 }, isNew)).status).toBe(201);
    expect((await as('jane').post('/ledger/new/credits', { amount: 1 }, isNew)).status).toBe(412);
    expect((await as('bob').get('/ledger/new')).status).toBe(200);
    expect((await as('jane').get('/ledger/new')).status).toBe(404);
  });

  it('tells only its owner the version, if it had to be new', async () => {
    const credit = async (who: string) =>
      as(who).post('/ledger/janes/credits', { amount: 1 }, { 'if-none-match': '*' });
    const foreign = await credit('bob');
    expect(foreign).toMatchObject({ status: 412, body: { type: 'urn:streamfold:problem:version-mismatch' } });
    await as('jane').post('/ledger/janes/credits', { amount: 1 });
    expect(plain(await credit('bob'))).toEqual(plain(foreign));
    expect(await credit('jane')).toMatchObject({
      status: 412,
      body: { detail: expect.stringContaining('version 3') },
    });
  });
});

describe('the owner', () => {
  it('is who opened the account', async () => {
    const { body } = await as('jane').post('/ledger', { currency: 'USD' });
    const { id } = body as { id: string };
    expect((await as('jane').get(`/ledger/${id}`)).status).toBe(200);
    expect((await as('bob').get(`/ledger/${id}`)).status).toBe(404);
  });

  it('may be stored by an earlier version, without the issuer', async () => {
    const found = await memory.log.readCommit('ledger/janes', 1);
    if (found === undefined) throw new Error('There is no commit.');
    const { hash: _hash, previousHash: _previousHash, ...commit } = found;
    const store = (id: string, actor: string | undefined) =>
      memory.log.append([
        {
          ...commit,
          stream: `ledger/${id}`,
          events: commit.events.map((event) => ({ ...event, id: `${id}-${event.type}` })),
          actor,
        },
      ]);
    await store('earlier', 'jane');
    await store('nameless', undefined);
    expect((await as('jane').get('/ledger/earlier')).status).toBe(200);
    expect((await as('bob').get('/ledger/earlier')).status).toBe(404);
    for (const sub of ['jane', 'undefined']) expect((await as(sub).get('/ledger/nameless')).status).toBe(404);
    expect((await as('staff', 'ledger:read ledger:any').get('/ledger/nameless')).status).toBe(200);
  });
});

it('the list of all accounts needs ledger:any', async () => {
  expect(await as('jane').get('/ledger')).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining('ledger:any') },
  });
  expect((await as('staff', 'ledger:read ledger:any').get('/ledger')).status).toBe(200);
});
