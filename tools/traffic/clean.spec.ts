import { describe, expect, it } from '@jest/globals';
import { type Driven, driven } from './driven.fixture.ts';
import { memoryLedger, memoryMetrics, type Send } from './memory.fixture.ts';

const systems = { ledger: memoryLedger, metrics: memoryMetrics };
const names = ['ledger', 'metrics'] as const;

function expectClean({ counts, differences }: Driven): void {
  expect([...counts.unexpected, ...differences]).toEqual([]);
}

describe('traffic on a correct system', () => {
  it.each([
    ['ledger', 1, 0],
    ['ledger', 16, 0],
    ['metrics', 1, 0],
    ['metrics', 12, 0],
    ['metrics', 1, 3_600_000],
    ['metrics', 12, -90_000],
  ] as const)(
    'has no differences: %s, %i at a time, its clock %i ms ahead',
    async (name, concurrency, aheadMs) => {
      const run = await driven(name, systems[name]({}, { aheadMs }), { concurrency });
      expectClean(run);
      expect(run.workload.eventCount).toBeGreaterThanOrEqual(600);
      expect(run.counts.freshReads).toBeGreaterThan(0);
      expect(run.counts.repeated.of('after an answer')).toBeGreaterThan(0);
      expect(run.counts.repeated.of('in flight')).toBeGreaterThan(0);
    },
  );

  it.each([
    ['ledger', ['insufficient-funds', 'too-many-decimals', 'currency-mismatch', 'not-found', 'closed']],
    ['metrics', ['archived', 'not-found', 'deadline-passed', 'in-the-future', 'before-creation']],
  ] as const)('causes every refusal of %s', async (name, codes) => {
    const { counts } = await driven(name, systems[name]());
    const own = codes.map((code) => `${name}/${code}`);
    for (const code of [...own, 'version-mismatch', 'idempotency-key-reused']) {
      expect([code, counts.refused.of(code)]).not.toEqual([code, 0]);
    }
  });

  it.each(names)('has no differences after a rebuild, whose rows name their generation: %s', async (name) => {
    const system = systems[name]();
    const reading: Send = async (request) => {
      const answer = await system.send(request);
      const { etag } = answer.headers;
      if (typeof etag !== 'string') return answer;
      return { ...answer, headers: { ...answer.headers, etag: etag.replace(/"$/, '-g12"') } };
    };
    expectClean(await driven(name, system, { reading }));
  });

  it('ends with accounts and metrics of every status', async () => {
    const [ledger, metrics] = await Promise.all(names.map((name) => driven(name, systems[name]())));
    for (const status of ['open', 'closed']) expect(ledger?.workload.holdings).toMatch(`${status}: `);
    for (const status of ['untargeted', 'active', 'expired', 'successful', 'archived']) {
      expect(metrics?.workload.holdings).toMatch(`${status}: `);
    }
  });

  it.each(names)('repeats requests to %s until their outcome is known', async (name) => {
    const { send, nowMs } = systems[name]();
    let commands = 0;
    const traffic: Send = async (request) => {
      const answer = await send(request);
      if (request.method === 'POST') commands += 1;
      if (request.method === 'GET' || commands % 5 > 0) return answer;
      throw Object.assign(new Error('no answer'), { code: 'ECONNRESET' });
    };
    const run = await driven(name, { send, nowMs }, { traffic });
    expectClean(run);
    expect(run.counts.retried.of('ECONNRESET')).toBeGreaterThan(20);
  });

  it.each(names)('sends the same to %s for the same seed', async (name) => {
    const requests = async () => {
      const { send, nowMs } = systems[name]();
      const sent: string[] = [];
      const traffic: Send = (request) => {
        sent.push(`${request.path} ${JSON.stringify(request.body)}`);
        return send(request);
      };
      await driven(name, { send, nowMs }, { traffic });
      return sent;
    };
    expect(await requests()).toEqual(await requests());
  });
});
