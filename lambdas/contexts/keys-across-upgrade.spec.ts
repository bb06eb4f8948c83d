import { describe, expect, it } from '@jest/globals';
import type { TestApi } from '../http/testing.ts';
import type { Commit, EventLog } from '../kernel/index.ts';
import { analyze, sweep } from './automations-under-test.fixture.ts';
import { contextUnderTest, problemLike } from './context-under-test.fixture.ts';
import { dispenseUnderTest } from './dispense/dispense-under-test.fixture.ts';
import { earlierCommits, earlierIds } from './earlier-commits.fixture.ts';
import ledger from './ledger/context.ts';
import { metricsUnderTest } from './metrics/metrics-under-test.fixture.ts';

const replayed = { 'idempotency-replayed': 'true' };
const notReplayed = expect.not.objectContaining(replayed);
const { aliceAccount, userAccount, openAccount, metric, dispense } = earlierIds;

/** Appends what the release before wrote about one context; `changed`: in another form. */
async function upgraded<Api extends { readonly log: EventLog }>(
  category: string,
  api: Api,
  changed = (commit: Commit): Commit | undefined => commit,
): Promise<Api> {
  for (const earlier of earlierCommits.filter(({ stream }) => stream.startsWith(`${category}/`))) {
    const commit = changed(earlier);
    if (commit) expect(await api.log.append([commit])).toBe('appended');
  }
  return api;
}

function senderOf({ call }: { readonly call: TestApi }) {
  return (actor: string | undefined, key: string, path: string, json?: unknown) =>
    call('POST', path, {
      headers: { 'idempotency-key': key },
      ...(json !== undefined && { json }),
      ...(actor !== undefined && { actor }),
    });
}

async function upgradedLedger() {
  const api = await upgraded('ledger', contextUnderTest(ledger));
  const counts = async (...ids: string[]) =>
    (await Promise.all(ids.map(api.eventsOf))).map((events) => events.length);
  return { ...api, send: senderOf(api), counts };
}

describe('a command that the release before carried out', () => {
  it.each([
    ['alice', '1', 'credits', { amount: 10 }, 201, { version: 2, balance: '10.00' }],
    [undefined, 'open', 'credits', { amount: 4 }, 200, { version: 3, balance: '14.00' }],
    ['alice', 't1', 'transfers', { to: 'd', amount: 3 }, 200, { version: 4, balance: '11.00' }],
  ])('of %s with key %s, %s, gets its first answer', async (actor, key, step, json, status, body) => {
    const { send, counts } = await upgradedLedger();
    for (let time = 0; time < 2; time += 1) {
      const answer = await send(actor, key, `/ledger/c/${step}`, json);
      expect(answer).toMatchObject({ status, body, headers: replayed });
    }
    expect(await counts('c', 'd')).toEqual([4, 3]);
  });

  it.each([
    ['bob', '1', 'credits', { amount: 10 }],
    [undefined, '1', 'credits', { amount: 10 }],
    ['alice', 'open', 'credits', { amount: 4 }],
    ['bob', 't1', 'transfers', { to: 'd', amount: 3 }],
  ])('does not stop %s with the same key %s, %s', async (actor, key, step, json) => {
    const { send, counts } = await upgradedLedger();
    const first = await send(actor, key, `/ledger/c/${step}`, json);
    expect(first).toMatchObject({ status: 200, body: { version: 5 }, headers: notReplayed });
    expect(await send(actor, key, `/ledger/c/${step}`, json)).toMatchObject({
      body: first.body,
      headers: replayed,
    });
    expect(await counts('c')).toEqual([5]);
  });

  it('is refused with another body under the same key', async () => {
    const { send, counts } = await upgradedLedger();
    const reused = problemLike(422, 'idempotency-key-reused');
    expect(await send('alice', '1', '/ledger/c/credits', { amount: 11 })).toMatchObject(reused);
    expect(await send('alice', 't1', '/ledger/c/transfers', { to: 'd', amount: 4 })).toMatchObject(reused);
    expect(await counts('c', 'd')).toEqual([4, 3]);
  });

  it('is not met on the other account by its derived id as a key', async () => {
    const { send } = await upgradedLedger();
    const derived = earlierCommits.find(
      ({ stream, version }) => stream === 'ledger/d' && version === 3,
    )?.commandId;
    expect(await send('dora', derived ?? '', '/ledger/d/credits', { amount: 1 })).toMatchObject({
      status: 200,
    });
  });
});

describe('an account that the release before opened with a key', () => {
  const open = { currency: 'USD', name: 'Travel' };

  it.each([
    ['alice', 'new', aliceAccount],
    ['user:1', 'abc', userAccount],
    [undefined, 'new', openAccount],
  ])('is met by %s with key %s', async (actor, key, id) => {
    const { send, counts } = await upgradedLedger();
    for (let time = 0; time < 2; time += 1) {
      expect(await send(actor, key, '/ledger', open)).toMatchObject({
        status: 201,
        headers: { ...replayed, location: `/ledger/${id}` },
        body: { id, version: 1 },
      });
    }
    expect(await counts(id)).toEqual([1]);
    const reused = problemLike(422, 'idempotency-key-reused');
    expect(await send(actor, key, '/ledger', { ...open, name: 'Other' })).toMatchObject(reused);
  });

  it.each([
    ['bob', 'new'],
    ['anyone', 'new'],
    // The release before derived the account of `user:1` with `abc`.
    ['user', '1:abc'],
  ])('is not met by %s with key %s', async (actor, key) => {
    const { send } = await upgradedLedger();
    const first = await send(actor, key, '/ledger', open);
    expect(first).toMatchObject({ status: 201, headers: notReplayed });
    expect([aliceAccount, userAccount, openAccount]).not.toContain((first.body as { id: string }).id);
    expect(await send(actor, key, '/ledger', open)).toMatchObject({ body: first.body, headers: replayed });
  });

  it('costs one read of one commit, only for a key whose account does not exist', async () => {
    const { log, send, post } = await upgradedLedger();
    let reads = 0;
    const { readCommit } = log;
    log.readCommit = (...place) => {
      reads += 1;
      return readCommit.apply(log, place);
    };
    await post('/ledger', open);
    expect(reads).toBe(0);
    await send('carol', 'new', '/ledger', open);
    expect(reads).toBe(1);
    // The commit that answers the repeat.
    await send('carol', 'new', '/ledger', open);
    expect(reads).toBe(2);
  });
});

describe('an expiry that the release before recorded', () => {
  const late = '2026-01-02T12:03:00.000Z';
  /** The read model does not know the expiry yet. */
  async function dueAgain(changed: (commit: Commit) => Commit | undefined) {
    const before = metricsUnderTest();
    await upgraded('metrics', before, (commit) => (commit.version < 3 ? commit : undefined));
    await before.project(metric);
    const expiry = earlierCommits.find(
      ({ stream, version }) => stream === `metrics/${metric}` && version === 3,
    );
    const commit = expiry && changed(expiry);
    if (commit) expect(await before.log.append([commit])).toBe('appended');
    return before;
  }

  it('is not recorded again', async () => {
    const api = await dueAgain((commit) => commit);
    expect(await sweep(api, late)).toEqual({ expired: 0, settled: 1, skipped: 0, failed: 0 });
    expect(await api.eventsOf(metric)).toHaveLength(3);
  });

  it.each(['mallory', 'metrics-sweeper', undefined])(
    'is not stopped by %s, who had taken its id',
    async (actor) => {
      const event = {
        id: 'v',
        type: 'Metric:ValueRecorded',
        schemaVersion: 1,
        data: { value: 1, at: '2026-01-02T12:00:30.000Z' },
      };
      const api = await dueAgain((commit) => ({ ...commit, events: [event], actor, causationId: undefined }));
      expect(await sweep(api, late)).toEqual({ expired: 1, settled: 0, skipped: 0, failed: 0 });
    },
  );
});

describe('an upload that the release before took', () => {
  it('gets its first answer, and its analysis is not recorded again', async () => {
    const api = await upgraded('dispense', dispenseUnderTest());
    const answer = await api.call('PUT', `/dispenses/${dispense}/prescription`, {
      actor: 'alice',
      headers: { 'content-type': 'text/plain', 'idempotency-key': 'upload' },
      body: 'Amoxicillin 500 mg capsule, 21',
    });
    expect(answer).toMatchObject({ status: 200, headers: { ...replayed, etag: '"2"' } });
    expect(api.documents.statuses.size).toBe(0);
    expect(await analyze(api, dispense)).toMatchObject({ analyzed: 1, response: { batchItemFailures: [] } });
    expect(await api.eventsOf(dispense)).toHaveLength(3);
  });
});
