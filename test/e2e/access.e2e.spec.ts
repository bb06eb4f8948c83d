import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scopeNames } from '../../schema/scopes.ts';
import { type Operation, readOperations } from '../support/api-operations.ts';
import { httpClient } from '../support/http-client.ts';
import { InsideHost } from '../support/inside-host.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const hostStartDeadlineMs = 120_000;

let host: TestHost;
let operations: readonly Operation[];
const call = httpClient(() => host.httpUrl);

beforeAll(async () => {
  host = await startTestHost({ auth: true, owners: true });
  operations = await readOperations(call, bearer([]));
}, hostStartDeadlineMs);
afterAll(() => host?.stop());

function bearer(scopes: readonly string[], others: { subject?: string; tenant?: string } = {}) {
  const token = host.issueToken?.({ subject: 'w', minutes: 60, scopes, ...others });
  return { authorization: `Bearer ${token}` };
}

/** Sends a request for an operation. Its ids exist nowhere, and its body fits no command. */
async function send({ method, path }: Operation, headers: Readonly<Record<string, string>> = {}) {
  const filled = path.replace('{category}', 'ledger').replace(/\{\w+\}/g, randomUUID());
  return await call(method, filled, method === 'GET' ? undefined : { wrong: true }, headers);
}

const outcomes = async (headersFor: (operation: Operation) => Readonly<Record<string, string>>) =>
  await Promise.all(
    operations.map(async (operation) => {
      const { method, path, needs } = operation;
      const { status, body } = await send(operation, headersFor(operation));
      return { operation: `${method} ${path}`, needs, status, body };
    }),
  );

/** Whether the request got past every check of access. */
const isAdmitted = (status: number) => [200, 400, 404, 415].includes(status);

describe('every operation of the OpenAPI document', () => {
  it('without a token is refused by the gateway, except what is open', async () => {
    expect(operations.length).toBeGreaterThan(20);
    for (const { operation, needs, status, body } of await outcomes(() => ({}))) {
      if (needs === 'open') expect([operation, status]).toEqual(['GET /health', 200]);
      else expect([operation, status, body]).toEqual([operation, 401, { message: 'Unauthorized' }]);
    }
  });

  it('is refused by the function without its scope, whatever else the token has', async () => {
    const withoutIt = ({ needs }: Operation) => bearer(scopeNames.filter((scope) => scope !== needs));
    for (const { operation, needs, status, body } of await outcomes(withoutIt)) {
      if (needs === 'open' || needs === 'none') {
        expect([operation, status]).toEqual([operation, 200]);
        continue;
      }
      expect(body).toMatchObject({ type: 'urn:streamfold:problem:insufficient-scope', status: 403 });
      expect([operation, body['detail']]).toEqual([operation, expect.stringContaining(` ${needs},`)]);
    }
  });

  it('is admitted with its scope alone', async () => {
    // The list of all accounts needs one more, because accounts have owners here, and the export of a person has dispenses.
    const others: Readonly<Record<string, string>> = {
      '/ledger': 'ledger:any',
      '/persons/{id}/export': 'dispense:read',
    };
    const withIt = ({ needs, path }: Operation) => bearer([needs, others[path] ?? needs]);
    for (const { operation, status } of await outcomes(withIt)) {
      expect([operation, isAdmitted(status)]).toEqual([operation, true]);
    }
  });

  it('on an account of another owner needs ledger:any, or is only a payment', async () => {
    const ofJane = (scopes: readonly string[]) => bearer(scopes, { subject: 'jane' });
    const { body } = await call('POST', '/ledger', { currency: 'USD' }, ofJane(['ledger:write']));
    const own = operations.filter(({ path, tag }) => tag === 'ledger' && path.includes('{id}'));
    const outcomesOf = async (headers: Readonly<Record<string, string>>) =>
      await Promise.all(
        own.map(async ({ method, path }) => {
          const step = path.split('/').at(-1) ?? '';
          const json = { amount: 1, ...(step === 'transfers' && { to: 'nobody' }) };
          const filled = path.replace('{id}', String(body['id']));
          const sent = method === 'GET' ? undefined : step === 'close' ? {} : json;
          const { status, body: answer } = await call(method, filled, sent, {
            'cache-control': 'no-cache',
            ...headers,
          });
          return [`${method} ${path}`, status, answer['type']];
        }),
      );
    const notFound = 'urn:streamfold:problem:ledger/not-found';
    expect(own.length).toBeGreaterThan(4);
    const scopes = ['ledger:read', 'ledger:write'];
    for (const [operation, status, type] of await outcomesOf(bearer(scopes))) {
      const expected = operation === 'POST /ledger/{id}/credits' ? [204, undefined] : [404, notFound];
      expect([operation, status, type]).toEqual([operation, ...expected]);
    }
    for (const [operation, status] of await outcomesOf(bearer([...scopes, 'ledger:any']))) {
      if (operation !== 'POST /ledger/{id}/transfers')
        expect([operation, status]).not.toEqual([operation, 404]);
    }
    const fresh = { 'cache-control': 'no-cache', ...ofJane(scopes) };
    expect((await call('GET', `/ledger/${body['id']}`, undefined, fresh)).status).toBe(200);
  });

  it('shows nothing to another tenant', async () => {
    const all = bearer(scopeNames);
    const { body } = await call('POST', '/ledger', { currency: 'USD' }, all);
    const fresh = { 'cache-control': 'no-cache' };
    const reads = operations.filter(({ method, tag, path }) => {
      return method === 'GET' && (tag === 'ledger' || path.startsWith('/streams'));
    });
    expect(reads.length).toBeGreaterThan(3);
    for (const { method, path } of reads) {
      const filled = path.replace('{category}', 'ledger').replace('{id}', String(body['id']));
      expect([path, (await call(method, filled, undefined, { ...fresh, ...all })).status]).toEqual([
        path,
        200,
      ]);
      const other = { ...fresh, ...bearer(scopeNames, { tenant: 'acme' }) };
      const answer = await call(method, filled, undefined, other);
      expect([path, answer.status, answer.body['items']]).toEqual(
        path.includes('{id}') ? [path, 404, undefined] : [path, 200, []],
      );
    }
  });

  it('needs the scope that docs/scopes.md says', () => {
    const text = readFileSync(join(root, 'docs/scopes.md'), 'utf8');
    const special = new Map(
      [...text.matchAll(/^\| `([A-Z]+ \/\S*)` \| (?:`([^`]+)`|none: (every|open))/gm)].map(
        ([, operation = '', scope, none]) => [operation, scope ?? (none === 'open' ? 'open' : 'none')],
      ),
    );
    expect(special.size).toBe(4);
    for (const { method, path, tag, needs } of operations) {
      const operation = `${method} ${path}`;
      const expected = special.get(operation) ?? `${tag}:${method === 'GET' ? 'read' : 'write'}`;
      expect([operation, needs]).toEqual([operation, expected]);
    }
    const listed = new Set(operations.map(({ method, path }) => `${method} ${path}`));
    expect([...special.keys()].filter((operation) => !listed.has(operation))).toEqual([]);
  });
});

describe('a caller', () => {
  const actorsOf = async (id: string) => {
    const { body } = await call(
      'GET',
      `/streams/ledger/${id}`,
      undefined,
      bearer(['streams:read', 'ledger:any']),
    );
    return (body['items'] as { actor?: string }[]).map(({ actor }) => actor);
  };

  it('needs one more scope to give an overdraft limit', async () => {
    const open = (overdraftLimit: unknown, scopes: readonly string[]) =>
      call('POST', '/ledger', { currency: 'USD', overdraftLimit }, bearer(scopes));
    for (const none of ['0', 0, '0.00']) expect((await open(none, ['ledger:write'])).status).toBe(201);
    for (const some of ['0.01', 5]) {
      const refused = await open(some, ['ledger:write']);
      expect(refused).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('ledger:overdraft') },
      });
      expect((await open(some, ['ledger:write', 'ledger:overdraft'])).status).toBe(201);
    }
  });

  it('is in the commits by issuer and subject, and no header changes it', async () => {
    const id = randomUUID();
    const headers = { 'x-actor': 'urn:streamfold:system metrics-sweeper', 'x-amzn-oidc-identity': 'root' };
    const credit = { amount: 1 };
    await call('POST', `/ledger/${id}/credits`, credit, { ...headers, ...bearer(['ledger:write']) });
    expect(new Set(await actorsOf(id))).toEqual(new Set(['https://issuer.streamfold.localhost w']));
  });

  it('who invokes the function directly is an operator', async () => {
    const id = randomUUID();
    const event = {
      version: '2.0',
      rawPath: `/ledger/${id}/credits`,
      headers: { 'content-type': 'application/json' },
      requestContext: { http: { method: 'POST' } },
      body: '{"amount":1}',
    };
    expect(await new InsideHost(host).invoke('api', event)).toMatchObject({ statusCode: 201 });
    expect(new Set(await actorsOf(id))).toEqual(new Set(['urn:streamfold:operator direct-invocation']));
  });

  it('is refused with a token of another key', async () => {
    const [head, body] = bearer(['ledger:read']).authorization.split('.');
    const { status } = await call('GET', '/ledger', undefined, { authorization: `${head}.${body}.AAAA` });
    expect(status).toBe(401);
  });
});

describe('npm run token', () => {
  const token = (...args: readonly string[]) =>
    run(process.execPath, [join(root, 'tools/host/auth/token-main.ts'), ...args]);

  it('prints a token for the running host', async () => {
    const { port } = new URL(host.httpUrl);
    const { stdout } = await token('--subject', 'w', '--scopes', 'metrics:read', '--http', port);
    const headers = { authorization: `Bearer ${stdout.trim()}` };
    expect((await call('GET', '/metrics', undefined, headers)).status).toBe(200);
    expect((await call('GET', '/ledger', undefined, headers)).status).toBe(403);
  });

  it('says that no host runs', async () => {
    await expect(token('--subject', 'w', '--http', '1')).rejects.toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(
        /^No host with --auth runs at port 1\. Start one with: npm start -- --auth[^\n]*\n$/,
      ),
    });
  });
});
