import { beforeEach, describe, expect, it } from '@jest/globals';
import { scopeNames } from '../../schema/scopes.ts';
import { wholeApi } from './whole-api.fixture.ts';

type Api = Awaited<ReturnType<typeof wholeApi>>;

const everything = scopeNames.join(' ');
const ofOneOwner = scopeNames.filter((scope) => scope !== 'ledger:any').join(' ');

let api: Api;

/** A request for an account: `*` is its id. */
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly json?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Callers have all scopes; owners do not have `ledger:any`. */
function as(sub: string, scope = ofOneOwner) {
  return async ({ method, path, query, json, headers }: Sent, id = '') =>
    await api.call(method, path.replace('*', id), {
      claims: { sub, scope },
      json,
      ...(query !== undefined && { query: query.replace('*', id) }),
      headers: { 'cache-control': 'no-cache', ...headers },
    });
}

const staff = () => as('staff', everything);

/** An overdrawn account with this id. Its work is the item `ledger.<id>.2.settle-overdraft`. */
async function overdraw(sub: string): Promise<string> {
  const { body } = await as(sub)({
    method: 'POST',
    path: '/ledger',
    json: { currency: 'USD', name: 'Quill', overdraftLimit: 10 },
  });
  const { id } = body as { id: string };
  const debit = { method: 'POST', path: '/ledger/*/debits', json: { amount: 5 } };
  expect((await as(sub)({ ...debit, headers: { 'idempotency-key': 'k' } }, id)).status).toBe(200);
  await api.project(`ledger/${id}`);
  return id;
}

let janes: string;
let bobs: string;
beforeEach(async () => {
  api = await wholeApi();
  [janes, bobs] = [await overdraw('jane'), await overdraw('bob')];
});

const get = (path: string, query?: string): Sent => ({ method: 'GET', path, ...(query && { query }) });
const debit: Sent = { method: 'POST', path: '/ledger/*/debits', json: { amount: 1 } };
const shown: readonly Sent[] = [
  get('/streams/ledger/*'),
  get('/streams/ledger/*', 'limit=1'),
  get('/todos', 'subject=ledger/*'),
  get('/todos', 'subject=ledger/*&status=open'),
  get('/todos/ledger.*.2.settle-overdraft'),
  get('/ledger/*'),
  get('/ledger/*', 'version=1'),
  get('/ledger/*', 'at=2020-01-01T00:00:00Z'),
  { ...get('/ledger/*'), headers: { 'if-match': '"2"' } },
  { ...get('/ledger/*'), headers: { 'if-none-match': '"2"' } },
  get('/ledger/*/entries'),
  debit,
  { ...debit, headers: { 'idempotency-key': 'k' } },
  { ...debit, headers: { 'if-match': '"1"' } },
  { ...debit, json: { amount: 1_000_000 } },
  { ...debit, json: { amount: 'much' } },
  { method: 'POST', path: '/ledger/*/transfers', json: { to: 'nobody', amount: 1 } },
  { method: 'POST', path: '/ledger/*/close', json: {} },
  { method: 'POST', path: '/ledger/*/credits', json: { amount: 1 }, headers: { 'if-match': '"1"' } },
];

describe.each(shown)('$method $path $query $json $headers', (request) => {
  it('tells the caller nothing about an account of another owner', async () => {
    const plain = (answer: object, id: string) => JSON.stringify(answer).replaceAll(id, '*');
    const [foreign, none] = [await as('bob')(request, janes), await as('bob')(request, 'none')];
    expect(plain(foreign, janes)).toBe(plain(none, 'none'));
    const { body } = await staff()(get('/streams/ledger/*'), janes);
    expect((body as { items: object[] }).items).toHaveLength(2);
  });
});

describe('the owner', () => {
  it.each(shown.filter(({ method, query }) => method === 'GET' && !query?.startsWith('at=')))(
    'is shown what others are not: $path $query $headers',
    async (request) => {
      const answers = [await as('jane')(request, janes), await staff()(request, janes)];
      for (const { status, body } of answers) {
        expect([200, 304]).toContain(status);
        const { items = [{}] } = (body ?? {}) as { items?: object[] };
        expect(items.length).toBeGreaterThan(0);
      }
    },
  );
});

describe('GET /todos', () => {
  const subjects = async (call: ReturnType<typeof as>, query?: string) => {
    const { body } = await call(get('/todos', query));
    return (body as { items: { subject: string }[] }).items.map(({ subject }) => subject);
  };

  it.each([undefined, 'status=open', 'context=ledger', 'kind=settle-overdraft', 'limit=1'])(
    'without a subject has no items about accounts, of any owner: %s',
    async (query) => {
      for (const sub of ['jane', 'bob']) expect(await subjects(as(sub), query)).toEqual([]);
      expect((await subjects(staff(), query)).length).toBeGreaterThan(0);
    },
  );

  it('still has the items of other contexts', async () => {
    const { body } = await as('bob')({ method: 'POST', path: '/metrics', json: { name: 'Orders' } });
    const metric = `metrics/${(body as { id: string }).id}` as const;
    await api.project(metric);
    expect(await subjects(as('jane'))).toEqual([metric]);
    expect(await subjects(as('jane'), `subject=${metric}`)).toEqual([metric]);
    expect((await as('jane')(get(`/streams/${metric}`))).status).toBe(200);
    expect(await subjects(as('bob'), `subject=ledger/${bobs}`)).toEqual([`ledger/${bobs}`]);
  });
});

it('a credit refused for its condition does not tell the version of an account of another owner', async () => {
  const credit = { method: 'POST', path: '/ledger/*/credits', json: { amount: 1 } };
  const { status, body, headers } = await as('bob')({ ...credit, headers: { 'if-none-match': '*' } }, janes);
  expect(status).toBe(412);
  expect(Object.keys(headers)).not.toContain('etag');
  expect(JSON.stringify(body)).not.toMatch(/version \d/);
});
