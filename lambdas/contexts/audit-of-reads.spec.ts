import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { queryLines } from '../../test/support/insights-query.ts';
import type { ReadLine } from '../http/reads.ts';
import { testCorrelationId, testNow } from '../http/testing.ts';
import { takesPersonalData } from '../http/validation.ts';
import { type Api, account, type Case, casesOf, fill, right, secrets } from './audit-of-reads.fixture.ts';
import { type Claims, issuer, wholeApi } from './whole-api.fixture.ts';

const operations = Object.keys(casesOf({ dispense: 'dispense/x', id: 'x', begun: 'y', named: 'ledger/n' }));

let api: Api;
let filled: Awaited<ReturnType<typeof fill>>;
beforeEach(async () => {
  api = await wholeApi();
  filled = await fill(api);
});

async function send(
  { request: [method, path, json, query], isUpload = false }: Case,
  claims: Claims | undefined,
  direct = false,
) {
  api.reads.length = 0;
  const { status } = await api.call(method, path, {
    claims,
    direct,
    ...(json !== undefined && { json }),
    ...(isUpload && { base64: Buffer.from(secrets.document).toString('base64') }),
    ...(query !== undefined && { query }),
  });
  return status;
}

/** The whole line: no field more, none less. */
function lineOf(operationId: string, streams: readonly string[], more: Partial<ReadLine>): ReadLine {
  return {
    level: 'INFO',
    message: 'read',
    audit: 'read',
    timestamp: testNow,
    operationId,
    tenant: 'default',
    issuer,
    subject: 'reader',
    streams: streams.length === 0 ? '' : `,${streams.join(',')},`,
    streamCount: streams.length,
    status: 200,
    correlation_id: testCorrelationId,
    function_request_id: 'function-request',
    ...more,
  };
}

describe('every route', () => {
  it('that is audited has a case here, and no other route', () => {
    const audited = api.routes.filter(({ reads }) => reads !== 'nothing');
    expect(audited.map(({ operationId }) => operationId).toSorted()).toEqual(operations.toSorted());
  });

  it('that shows personal data is audited', () => {
    const shows = api.routes.filter(({ answers }) =>
      Object.values(answers).some(({ schema }) => schema !== undefined && takesPersonalData(schema)),
    );
    expect(shows.length).toBeGreaterThan(1);
    expect(shows.filter(({ reads }) => reads === 'nothing')).toEqual([]);
  });
});

describe.each(operations)('%s', (operationId) => {
  const find = () => casesOf(filled)[operationId] as Case;

  it('by a caller with the scope: one line, or a commit that names the caller', async () => {
    const { streams, status } = find();
    expect(await send(find(), right)).toBe(status);
    const problem = api.reads[0]?.problem;
    expect(problem === undefined).toBe(status < 400);
    const lines =
      streams === 'commits'
        ? []
        : [lineOf(operationId, inOrder(streams), { status, ...(problem && { problem }) })];
    expect(api.reads.map(sorted)).toEqual(lines);
  });

  it('by the operator, who invokes the function directly', async () => {
    const { streams, status } = find();
    expect(await send(find(), undefined, true)).toBe(status);
    const by = { issuer: 'urn:streamfold:operator', subject: 'direct-invocation' };
    expect(api.reads).toEqual(streams === 'commits' ? [] : [expect.objectContaining(by)]);
  });

  it('by a caller without the scope: refused, and one line', async () => {
    const { streams, refused = streams === 'commits' ? [] : streams } = find();
    const claims = { sub: 'reader', tenant: 'default' };
    expect(await send(find(), claims)).toBe(403);
    const refusal = { status: 403, problem: 'insufficient-scope', tenant: 'default' };
    expect(api.reads).toEqual([lineOf(operationId, refused, refusal)]);
  });

  it('by a caller of another tenant: a line has that tenant, and only the streams that the request names', async () => {
    const { streams, refused = streams === 'commits' ? [] : streams, named = refused } = find();
    await send(find(), { ...right, tenant: 'acme' });
    for (const line of api.reads) {
      expect(line.tenant).toBe('acme');
      expect(named).toEqual(expect.arrayContaining(line.streams.split(',').filter(Boolean)));
    }
  });

  it('by nobody: refused, and no line, because nobody is named', async () => {
    expect(await send(find(), undefined)).toBe(401);
    expect(api.reads).toEqual([]);
  });
});

/** Lists have their own order. */
const inOrder = (streams: readonly string[]) => streams.toSorted();
const sorted = (line: ReadLine) => ({
  ...line,
  streams: line.streams === '' ? '' : `,${line.streams.split(',').filter(Boolean).toSorted().join(',')},`,
});

/** A valid id of no dispense. */
const noDispense = '00000000-0000-4000-8000-000000000000';

describe('the audit', () => {
  it.each([
    ['GET', '/ledger/none', 404, 'ledger/none'],
    ['HEAD', '/ledger/a', 200, account],
    ['GET', `/dispenses/${noDispense}/prescription`, 404, `dispense/${noDispense}`],
    ['GET', '/streams/ledger/none', 404, 'ledger/none'],
    ['GET', '/todos/ledger.none.1.settle-overdraft', 404, 'ledger/none'],
  ])('has a line of %s %s: %i', async (method, path, status, stream) => {
    expect(await send({ request: [method, path], status, streams: [] }, right)).toBe(status);
    expect(api.reads).toEqual([expect.objectContaining({ status, streams: `,${stream},`, streamCount: 1 })]);
  });

  it.each([
    ['GET', '/ledger/a', 404, [account]],
    ['GET', '/ledger/a/entries', 404, [account]],
    ['POST', '/ledger/a/debits', 404, [account]],
    ['POST', '/ledger/a/credits', 204, 'commits'],
    ['GET', '/ledger', 403, []],
  ] as const)(
    'has a line of %s %s by a caller who owns no account, answered with %i',
    async (method, path, status, streams) => {
      const json = method === 'POST' ? { amount: '1' } : undefined;
      const stranger = { sub: 'stranger', scope: 'ledger:read ledger:write' };
      expect(await send({ request: [method, path, json], status, streams }, stranger)).toBe(status);
      const found = api.reads.map((line) => [line.subject, line.status, line.streams]);
      const listed = streams === 'commits' || streams.length === 0 ? '' : `,${streams.join(',')},`;
      expect(found).toEqual(streams === 'commits' ? [] : [['stranger', status, listed]]);
    },
  );

  it('has a line of an answer that says only that nothing changed', async () => {
    await api.call('GET', '/ledger/a', { claims: right, headers: { 'if-none-match': '"2"' } });
    expect(api.reads.at(-1)).toMatchObject({ status: 304, streams: `,${account},` });
  });

  it('has a line of a 400 that tells the currency of an account, and none of a malformed request', async () => {
    const credit = (amount: string) =>
      send({ request: ['POST', '/ledger/a/credits', { amount }], status: 400, streams: [] }, right);
    expect(await credit('0.001')).toBe(400);
    expect(api.reads).toEqual([
      expect.objectContaining({ problem: 'ledger/too-many-decimals', streams: `,${account},` }),
    ]);
    expect(await credit('much')).toBe(400);
    expect(api.reads).toEqual([]);
  });

  it('has a line of a repeated command, whose answer comes without a commit', async () => {
    const headers = { 'idempotency-key': `${secrets.key}-again` };
    const request = { claims: right, json: { amount: '1' }, headers };
    api.reads.length = 0;
    await api.call('POST', '/ledger/a/credits', request);
    expect(api.reads).toEqual([]);
    const { headers: answered } = await api.call('POST', '/ledger/a/credits', request);
    expect(answered).toMatchObject({ 'idempotency-replayed': 'true' });
    expect(api.reads).toEqual([
      expect.objectContaining({ operationId: 'creditAccount', streams: `,${account},` }),
    ]);
  });

  it.each([
    ['GET', '/ledger/a', 'nonsense=1'],
    ['GET', '/ledger/%20', ''],
    ['GET', `/todos/${secrets.identifier}`, ''],
    ['GET', '/streams/Jane/a', ''],
    ['GET', `/nowhere/${secrets.identifier}`, ''],
    ['GET', '/todos', `subject=${secrets.account}`],
  ])('has no text of a malformed path or query: %s %s?%s', async (method, path, query) => {
    api.logged.length = 0;
    const status = await send({ request: [method, path, undefined, query], status: 0, streams: [] }, right);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(api.logged.join('\n')).not.toMatch(/nonsense|Jane|INS-7351|Quill/);
  });

  it('and all other logs have no content, whatever is sent, answered or refused', async () => {
    for (const each of Object.values(casesOf(filled))) {
      for (const claims of [right, { sub: 'reader' }, undefined]) await send(each, claims);
    }
    const { body } = await api.call('GET', `/dispenses/${filled.id}`, { claims: right });
    expect(JSON.stringify(body)).toContain(secrets.name);
    const keys = [...api.documents.statuses.keys()];
    expect(keys.length).toBeGreaterThan(0);
    const all = api.logged.join('\n');
    expect(all).toContain('"audit":"read"');
    for (const secret of [...Object.values(secrets), '7351942', '6031725', ...keys])
      expect(all).not.toContain(secret);
  });

  it('that cannot be written fails the request, which shows nothing, and logs why', async () => {
    const broken = await wholeApi({
      recordRead: () => {
        throw new Error('The log is full.');
      },
    });
    await broken.call('POST', '/ledger/a/credits', { claims: right, json: { amount: secrets.amount } });
    for (const path of ['/ledger/a', '/ledger/none', '/ledger']) {
      const headers = { 'cache-control': 'no-cache' };
      const { status, body } = await broken.call('GET', path, { claims: right, headers });
      expect({ status, body }).toMatchObject({
        status: 500,
        body: { type: 'urn:streamfold:problem:internal-error' },
      });
      expect(JSON.stringify(body)).not.toContain(secrets.amount);
    }
    expect(broken.logged.filter((line) => line.includes('The log is full.'))).toHaveLength(3);
  });
});

describe('the queries of the runbook', () => {
  const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
  const [, section = ''] = /^### Who read what\n(.*?)(?=^### )/ms.exec(runbook) ?? [];
  const [ofStream = '', ofSubject = ''] = [...section.matchAll(/^```\n(fields .*?)^```/gms)].map(
    ([, query]) => query,
  );

  async function someReads() {
    api.logged.length = 0;
    await api.call('GET', '/ledger/a', { claims: right });
    await api.call('GET', '/ledger', { claims: { ...right, sub: 'lister' } });
    await api.call('GET', '/ledger/b', { claims: right });
    await api.call('GET', '/ledger/aa', { claims: right });
    await api.call('GET', '/ledger/a/entries', { claims: { sub: 'curious' } });
    await api.call('GET', '/metrics', { claims: right });
  }

  it('find who read an account, and nobody else', async () => {
    await someReads();
    const found = queryLines(ofStream.replace('ledger/ID', account), api.logged);
    expect(found.map(({ subject, operationId, status }) => [subject, operationId, status])).toEqual([
      ['reader', 'getAccount', 200],
      ['lister', 'listAccounts', 200],
      ['curious', 'listEntries', 403],
    ]);
  });

  it('find what a caller read, and nothing of others', async () => {
    await someReads();
    const query = ofSubject.replace('ISSUER', issuer).replace('SUBJECT', 'reader');
    const found = queryLines(query, api.logged);
    expect(found.map(({ operationId, streams }) => [operationId, streams])).toEqual([
      ['getAccount', ',ledger/a,'],
      ['getAccount', ',ledger/b,'],
      ['getAccount', ',ledger/aa,'],
    ]);
  });

  it('use only fields that the lines have', async () => {
    await api.call('GET', '/ledger/none', { claims: right });
    const fields = new Set(Object.keys(api.reads.at(-1) ?? {}));
    for (const query of [ofStream, ofSubject]) {
      const named = [...(/^fields (.*)$/m.exec(query)?.[1] ?? '').matchAll(/[\w@]+/g)].map(([name]) => name);
      expect(named.length).toBeGreaterThan(5);
      expect(named.filter((name) => name !== '@timestamp' && !fields.has(name))).toEqual([]);
    }
  });
});
