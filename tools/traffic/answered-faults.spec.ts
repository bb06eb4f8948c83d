import { describe, expect, it } from '@jest/globals';
import type { ContextName } from './contexts.ts';
import { reported } from './driven.fixture.ts';
import type { ApiAnswer, ApiRequest } from './http-client.ts';
import type { Send } from './memory.fixture.ts';

type Body = Record<string, unknown>;
type Wrap = (send: Send) => Send;
type Answer = (send: Send, request: ApiRequest) => Promise<ApiAnswer>;

/** A command to this path whose body begins like this. */
const command =
  (end: string, begin = '') =>
  ({ method, path, body }: ApiRequest) =>
    method === 'POST' && path.endsWith(end) && JSON.stringify(body ?? {}).startsWith(begin);

const [credit, debit, value] = [command('/credits'), command('/debits'), command('/values', '{"value":')];
const impossibleDebit = command('/debits', '{"amount":1000');
const isFresh = ({ headers }: ApiRequest) => headers?.['cache-control'] !== undefined;

/** Every fifth request that matches gets another answer. */
function on(isMeant: (request: ApiRequest) => boolean, answer: Answer): Wrap {
  let met = 0;
  return (send) => (request) => {
    if (isMeant(request)) met += 1;
    return isMeant(request) && met % 5 === 0 ? answer(send, request) : send(request);
  };
}

function without(header: string): Wrap {
  const strip = (headers: ApiRequest['headers']) =>
    Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => name !== header));
  return (send) => (request) => send({ ...request, headers: strip(request.headers) });
}

/** Carries out the request under another key first. */
const twice: Answer = async (send, request) => {
  await send({
    ...request,
    headers: { ...request.headers, 'idempotency-key': `${request.headers?.['idempotency-key']}-2` },
  });
  return send(request);
};
const refused =
  (code: string, status = 409): Answer =>
  async () => ({ status, headers: {}, body: { type: `urn:streamfold:problem:${code}` } });
const failing: Answer = async () => ({ status: 500, headers: {}, body: {} });
/** Carries out another request. */
const small: Answer = (send, request) => send({ ...request, body: { amount: 1 } });

const changed =
  (change: (body: Body) => Partial<ApiAnswer>): Answer =>
  async (send, request) => {
    const answer = await send(request);
    return { ...answer, ...change(answer.body as Body) };
  };
const withoutEtag = changed(() => ({ headers: {} }));
const old = changed((body) => ({ body: { ...body, version: 1 } }));
const another = changed((body) => ({ body: { ...body, id: 'another' } }));
const nextVersion = changed((body) => {
  const version = Number(body['version']) + 1;
  return { headers: { etag: `"${version}"` }, body: { ...body, version } };
});
const neverReplayed: Wrap = (send) => async (request) => {
  const answer = await send(request);
  const { 'idempotency-replayed': _, ...headers } = answer.headers;
  return { ...answer, headers };
};
const replayedAs = (value: string) =>
  on(command(''), async (send, request) => {
    const answer = await send(request);
    return { ...answer, headers: { ...answer.headers, 'idempotency-replayed': value } };
  });
const noMoney = 'ledger/insufficient-funds';

describe('traffic reports commands', () => {
  it.each<[string, ContextName, Wrap, RegExp]>([
    ['whose keys are forgotten', 'ledger', without('idempotency-key'), /repeated under its key, it was/],
    ['whose keys are forgotten', 'metrics', without('idempotency-key'), /repeated under its key, it was/],
    ['whose If-Match is ignored', 'ledger', without('if-match'), /expected: version-mismatch/],
    ['whose If-Match is ignored', 'metrics', without('if-match'), /expected: version-mismatch/],
    ['carried out twice', 'ledger', on(credit, twice), /belongs to no acknowledged command/],
    ['carried out twice', 'metrics', on(value, twice), /is there 2 times/],
    ['that create twice', 'metrics', on(command('/metrics'), twice), /belongs to no acknowledged/],
    ['wrongly refused', 'ledger', on(debit, refused(noMoney)), /409.*, expected: .*"version":\d/],
    ['wrongly refused', 'metrics', on(value, refused('metrics/archived')), /409.*expected: done/],
    ['wrongly accepted', 'ledger', on(impossibleDebit, small), /"reply".*expected: ledger.insuf/],
    ['refused with 400', 'ledger', on(debit, refused(noMoney, 400)), /"status":400}, expected/],
    ['answered another version', 'ledger', on(credit, nextVersion), /"version":\d.*expected: {"version"/],
    [
      'answered another version',
      'metrics',
      on(value, nextVersion),
      /"version":\d+.*expected: .*"version":\d/,
    ],
    [
      'repeated without saying so',
      'ledger',
      neverReplayed,
      /under its key, it was answered.*"isReplay":false/,
    ],
    ['repeated without saying so', 'metrics', neverReplayed, /2 of 2 answers without.*expected: 1/],
    ['said to be repeated', 'ledger', replayedAs('true'), /0 of 1 answers without.*expected: 1/],
    ['said to be repeated', 'metrics', replayedAs('yes'), /"invalid":.*"replayed":"yes"/],
    ['answered without an ETag', 'ledger', on(credit, withoutEtag), /"invalid":.*expected: {"ver/],
    ['answered for another id', 'metrics', on(value, another), /"invalid":.*"id":"another"/],
    ['answered 500 once', 'ledger', on(credit, failing), /was answered 500: {}/],
    ['not seen by a fresh read', 'ledger', on(isFresh, old), /with no-cache at version \d+ was answered 200/],
    [
      'not seen by a fresh read',
      'metrics',
      on(isFresh, old),
      /with no-cache at version \d+ was answered 200/,
    ],
  ])('%s (%s)', async (_what, name, wrap, sentence) => {
    expect(await reported(name, {}, wrap)).toMatch(sentence);
  });
});
