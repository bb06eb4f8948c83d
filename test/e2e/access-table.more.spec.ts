import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scopeNames } from '../../schema/scopes.ts';
import { accessSamples, type Sample, type SampleAnswer } from '../support/access-samples.ts';
import { type Operation, readOperations } from '../support/api-operations.ts';
import { httpClient } from '../support/http-client.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';

const hostStartDeadlineMs = 120_000;
const tableDeadlineMs = 240_000;
const documentPath = join(import.meta.dirname, '../../docs/scopes.md');

let host: TestHost;
let operations: readonly Operation[];
beforeAll(async () => {
  host = await startTestHost({ auth: true, owners: true });
  operations = await readOperations(
    httpClient(() => host.httpUrl),
    bearer({ scopes: [] }),
  );
}, hostStartDeadlineMs);
afterAll(() => host?.stop());

interface Caller {
  readonly subject?: string;
  readonly tenant?: string;
  readonly scopes: readonly string[];
}

type Callers = (operation: Operation) => Caller | undefined;

const ofOwners = scopeNames.filter((scope) => scope !== 'ledger:any');

/** The columns. The data of every request belongs to `jane`. Undefined: no token. */
const columns: Readonly<Record<string, Callers>> = {
  'no token': () => undefined,
  // A tenant for each operation, so that one operation's data is not in another one's list.
  'another tenant': ({ operationId }) => ({ scopes: scopeNames, tenant: `t-${operationId.toLowerCase()}` }),
  'without its scope': ({ needs }) => ({ scopes: scopeNames.filter((scope) => scope !== needs) }),
  'another owner': () => ({ subject: 'bob', scopes: ofOwners }),
  'the owner': () => ({ scopes: ofOwners }),
  'ledger:any': () => ({ subject: 'staff', scopes: scopeNames }),
};

function bearer({ subject = 'jane', scopes, tenant }: Caller) {
  const token = host.issueToken?.({ subject, minutes: 60, scopes, ...(tenant && { tenant }) });
  return { authorization: `Bearer ${token}` };
}

async function send(
  caller: Caller | undefined,
  method: string,
  { path, body }: Sample,
): Promise<SampleAnswer> {
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  const response = await fetch(host.httpUrl + path, {
    method,
    redirect: 'manual',
    headers: {
      'cache-control': 'no-cache',
      ...(caller && bearer(caller)),
      ...(body !== undefined && { 'content-type': type }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : {} };
}

/** Sends the sample of an operation, with new data, as this caller. */
async function outcome(operation: Operation, caller: Caller | undefined) {
  const prepare = accessSamples[operation.operationId];
  if (prepare === undefined) throw new Error(`${operation.operationId} has no sample.`);
  const jane = { scopes: scopeNames };
  const sample = await prepare((method, path, body) => {
    return send(jane, method, { path, ...(body !== undefined && { body }) });
  });
  const pattern = new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[\\w.-]+')}(\\?|$)`);
  if (!pattern.test(sample.path)) throw new Error(`${sample.path} is not ${operation.path}.`);
  const answer = await send(caller, operation.method, sample);
  return { sample, answer };
}

/** The status. `empty`: a list without items. */
function cellOf({ status, body }: SampleAnswer): string {
  const { items = body['persons'] } = body;
  return Array.isArray(items) && items.length === 0 ? `${status} empty` : String(status);
}

const names = Object.keys(columns);
const head = `| operation | ${names.join(' | ')} |`;
const paragraphs = (text: string) => text.trim().split('\n\n');

async function table(): Promise<string> {
  const lines = [head, `|---|${names.map(() => '---|').join('')}`];
  for (const operation of operations) {
    const cells = names.map(async (name) =>
      cellOf((await outcome(operation, columns[name]?.(operation))).answer),
    );
    lines.push(`| \`${operation.method} ${operation.path}\` | ${(await Promise.all(cells)).join(' | ')} |`);
  }
  return lines.join('\n');
}

it(
  'every operation answers every caller as the table of docs/scopes.md says',
  async () => {
    const documented = paragraphs(readFileSync(documentPath, 'utf8')).find((text) => text.startsWith(head));
    // A difference shows the new table: copy it to the document if it is right.
    expect(await table()).toBe(documented);
  },
  tableDeadlineMs,
);

describe('an operation about an account of another owner', () => {
  const isAboutAccount = ({ path }: Sample) => /[/.]ledger[/.]|^\/ledger\/|=ledger\//.test(path);

  it(
    'shows and changes nothing, except by paying in',
    async () => {
      const tried: string[] = [];
      for (const operation of operations) {
        const { sample, answer } = await outcome(operation, { subject: 'bob', scopes: ofOwners });
        if (!isAboutAccount(sample)) continue;
        const { operationId } = operation;
        tried.push(operationId);
        const [, id = ''] = /ledger[/.]([0-9a-f-]{36})/.exec(sample.path) ?? [];
        const none = { ...sample, path: sample.path.replace(id, 'nobodys') };
        const audited = await send({ scopes: ofOwners }, 'GET', { path: `/streams/ledger/${id}` });
        const actors = (audited.body['items'] as { actor: string }[]).map(({ actor }) => actor.split(' ')[1]);
        if (operationId === 'creditAccount') {
          expect([answer.status, answer.body, answer.headers.get('etag')]).toEqual([204, {}, null]);
          expect(actors).toEqual(['jane', 'bob']);
          continue;
        }
        expect([operationId, new Set(actors)]).toEqual([operationId, new Set(['jane'])]);
        const ofNone = await send({ subject: 'bob', scopes: ofOwners }, operation.method, none);
        const plain = ({ status, headers, body }: SampleAnswer) => [
          operationId,
          status,
          headers.get('etag'),
          JSON.stringify({ ...body, instance: '' }).replaceAll(id, 'nobodys'),
        ];
        expect(plain(answer)).toEqual(plain(ofNone));
      }
      expect(tried.length).toBe(9);
    },
    tableDeadlineMs,
  );
});
