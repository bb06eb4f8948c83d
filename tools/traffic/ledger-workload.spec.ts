import { describe, expect, it } from '@jest/globals';
import { Api } from './api.ts';
import { drive } from './driver.ts';
import type { ApiRequest } from './http-client.ts';
import { memoryLedger } from './ledger.fixture.ts';
import { LedgerWorkload } from './ledger-workload.ts';
import type { Send } from './memory.fixture.ts';
import { type Currency, currencies, toDecimal, toMinorUnits } from './money.ts';
import { seededRandom } from './random.ts';
import { Tally } from './tally.ts';

interface Driven {
  readonly tally: Tally;
  readonly workload: LedgerWorkload;
  readonly differences: readonly string[];
}

/** Drives a ledger until 600 events are committed, one request at a time unless told, and compares. */
async function driven(traffic: Send, { concurrency = 1, reading = traffic } = {}): Promise<Driven> {
  const tally = new Tally();
  const { signal } = new AbortController();
  const apiTo = (send: Send) =>
    new Api({ client: { try: send }, tally, url: 'memory', patienceMs: 0, signal });
  const workload = new LedgerWorkload({ seed: 3, run: 'spec', accounts: 16, tally });
  await drive({
    workloads: [workload],
    api: apiTo(traffic),
    tally,
    random: seededRandom(1),
    events: 600,
    concurrency,
    onProgress: () => undefined,
  });
  const differences = await workload.verify(apiTo(reading), () => undefined);
  return { tally, workload, differences };
}

/** A command that matches for the nth time meets the fault instead of the ledger. */
function faulty(nth: number, isMeant: (request: ApiRequest) => boolean, fault: (send: Send) => Send): Send {
  const sound = memoryLedger();
  const broken = fault(sound);
  let met = 0;
  return (request) => {
    if (request.method === 'POST' && isMeant(request)) met += 1;
    return met === nth && isMeant(request) ? broken(request) : sound(request);
  };
}

const isDebit = ({ path }: ApiRequest) => path.endsWith('/debits');
const isCredit = ({ path }: ApiRequest) => path.endsWith('/credits');

/** Alters what a page or row says. */
function reading(sound: Send, alter: (path: string, body: Record<string, unknown>) => void): Send {
  return async (request) => {
    const answer = await sound(request);
    alter(request.path, answer.body as Record<string, unknown>);
    return answer;
  };
}

describe('traffic on a sound ledger', () => {
  it.each([1, 16])('ends without a difference, %i at a time', async (concurrency) => {
    const { tally, workload, differences } = await driven(memoryLedger(), { concurrency });
    expect(tally.unexpected).toEqual([]);
    expect(differences).toEqual([]);
    expect(workload.eventCount).toBeGreaterThanOrEqual(600);
    expect(tally.freshReads).toBeGreaterThan(0);
    expect(tally.repeated.of('after an answer')).toBeGreaterThan(0);
    expect(tally.repeated.of('in flight')).toBeGreaterThan(0);
  });

  it('meets every refusal there is to meet', async () => {
    const { tally } = await driven(memoryLedger());
    for (const code of [
      'ledger/insufficient-funds',
      'ledger/too-many-decimals',
      'ledger/currency-mismatch',
      'ledger/not-found',
      'ledger/closed',
      'version-mismatch',
      'idempotency-key-reused',
    ]) {
      expect([code, tally.refused.of(code)]).not.toEqual([code, 0]);
    }
  });

  it('sends the same for the same seed', async () => {
    const requestsOf = async () => {
      const ledger = memoryLedger();
      const sent: string[] = [];
      await driven((request) => {
        sent.push(`${request.path} ${JSON.stringify(request.body)}`);
        return ledger(request);
      });
      return sent;
    };
    expect(await requestsOf()).toEqual(await requestsOf());
  });
});

describe('traffic on a ledger that', () => {
  it('acknowledges a command and loses it', async () => {
    const pretend =
      (send: Send): Send =>
      async ({ path, body }) => {
        const [, , id] = path.split('/');
        const row = await send({ method: 'GET', path: `/ledger/${id}` });
        const { version, balance, currency } = row.body as {
          version: number;
          balance: string;
          currency: Currency;
        };
        const { amount } = body as { amount: number };
        const minorUnits =
          (toMinorUnits(balance, currency) ?? 0) + amount * 10 ** currencies[currency].decimals;
        const answer = {
          id,
          version: version + 1,
          balance: toDecimal(Math.round(minorUnits), currency),
          currency,
        };
        return { status: 200, headers: { etag: `"${version + 1}"` }, body: answer };
      };
    const isPlain = (request: ApiRequest) =>
      isCredit(request) && typeof (request.body as { amount: unknown }).amount === 'number';
    const { differences } = await driven(faulty(40, isPlain, pretend));
    expect(differences.join('\n')).toMatch(/version is \d+, the books say \d+/);
    expect(differences.join('\n')).toMatch(/balance is [\d.-]+, the books say [\d.-]+/);
  });

  it('carries a command out twice', async () => {
    const twice =
      (send: Send): Send =>
      async (request) => {
        const { 'idempotency-key': key, ...headers } = request.headers ?? {};
        await send({ ...request, headers: { ...headers, 'idempotency-key': `${key}-double` } });
        return send(request);
      };
    const { differences } = await driven(faulty(20, isCredit, twice));
    expect(differences.join('\n')).toMatch(/that no command was acknowledged for/);
    expect(differences.join('\n')).toMatch(/version is \d+, the books say \d+/);
  });

  it('forgets idempotency keys', async () => {
    const ledger = memoryLedger();
    const { tally } = await driven((request) => {
      const { 'idempotency-key': _forgotten, ...headers } = request.headers ?? {};
      return ledger({ ...request, headers });
    });
    expect(tally.unexpected.join('\n')).toMatch(/repeated under its key it was/);
  });

  it('ignores If-Match', async () => {
    const ledger = memoryLedger();
    const { tally } = await driven((request) => {
      const { 'if-match': _ignored, ...headers } = request.headers ?? {};
      return ledger({ ...request, headers });
    });
    expect(tally.unexpected.join('\n')).toMatch(/not version-mismatch/);
  });

  it('refuses what it has the money for', async () => {
    const type = 'urn:streamfold:problem:ledger/insufficient-funds';
    const refuse: Send = async () => ({ status: 409, headers: {}, body: { type } });
    const isSure = (request: ApiRequest) =>
      isDebit(request) && !JSON.stringify(request.body).includes('00000');
    const { tally } = await driven(faulty(3, isSure, () => refuse));
    expect(tally.unexpected.join('\n')).toMatch(/refused with ledger\/insufficient-funds, not done/);
  });

  it.each<[string, (path: string, body: Record<string, unknown>) => void, RegExp]>([
    [
      'another balance in one row',
      (path, body) => {
        if (path === '/ledger/traffic-spec-1') body['balance'] = '0.01';
      },
      /^Account traffic-spec-1: balance is 0.01, the books say /,
    ],
    [
      'an account twice in the list',
      (path, body) => {
        const items = body['items'] as unknown[];
        if (path.startsWith('/ledger?')) items.push(items[0]);
      },
      /^List of accounts: .* is listed 2 times\.$/,
    ],
    [
      'a statement without its oldest entry',
      (path, body) => {
        if (path.includes('/traffic-spec-1/entries') && !body['next']) (body['items'] as unknown[]).pop();
      },
      /^Account traffic-spec-1: the statement has \d+ entries, the books have \d+\.$/,
    ],
  ])('shows %s', async (_what, alter, sentence) => {
    const sound = memoryLedger();
    const { tally, differences } = await driven(sound, { reading: reading(sound, alter) });
    expect(tally.unexpected).toEqual([]);
    expect(differences).toContainEqual(expect.stringMatching(sentence));
  });
});
