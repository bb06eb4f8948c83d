import { describe, expect, it } from '@jest/globals';
import type { TestApi } from '../../http/testing.ts';
import { type Commit, clockOffsetMaxMs, futureMaxMs } from '../../kernel/index.ts';
import { MemoryEventLog, MemorySnapshotStore } from '../../kernel/memory/index.ts';
import { SimulatedTime, seededRandom } from '../../kernel/testing/index.ts';
import { ledgerProcess } from './past.fixture.ts';

const start = '2026-05-01T10:00:00.000Z';
const accounts = Array.from({ length: 16 }, (_, index) => `account-${index}`);
const commandCount = 2_000;
const questionCount = 250;
const durationMs = 900_000;

/** A replay of a failed run: set the seed that the failure names. */
const seeds = [1];

function worldOf(seed: number) {
  const shared = {
    time: new SimulatedTime(start),
    log: new MemoryEventLog(),
    snapshots: new MemorySnapshotStore(),
  };
  // The clocks of two processes differ by as much as they may.
  const processes = [-clockOffsetMaxMs, -200, 0, 310, clockOffsetMaxMs].map((aheadMs, index) => ({
    aheadMs,
    api: ledgerProcess(shared, { seed: seed * 100 + index, aheadMs, isMeasured: index % 2 === 1 }),
  }));
  const random = seededRandom(seed);
  const oneOf = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
  return { ...shared, processes, random, oneOf };
}

type World = ReturnType<typeof worldOf>;

/** Sends a random command, and again with its key if the answer is 503. Returns the last status. */
async function sendCommand({ time, processes, random, oneOf }: World, key: string): Promise<number> {
  const [amount, from, to] = [1 + Math.floor(random() * 20), oneOf(accounts), oneOf(accounts)];
  const step = oneOf(['credits', 'credits', 'debits', 'transfers', 'transfers', 'transfers'] as const);
  const { api } = oneOf(processes);
  await time.delay(random() * durationMs);
  const json = step === 'transfers' ? { to, amount } : { amount };
  const send = () => api('POST', `/ledger/${from}/${step}`, { json, headers: { 'idempotency-key': key } });
  const { status } = await send();
  return status === 503 ? (await send()).status : status;
}

interface Asked {
  readonly at: string;
  readonly answers: readonly unknown[];
}

const ask = (api: TestApi, at: string): Promise<unknown[]> =>
  Promise.all(
    accounts.map(async (id) => {
      const { status, body } = await api('GET', `/ledger/${id}`, { query: `at=${at}` });
      // The correlation id of a problem is that of the request.
      return status === 200 ? body : status;
    }),
  );

/** Asks for all accounts at a random instant of the last or the coming seconds. */
async function askPast({ time, processes, random, oneOf }: World): Promise<Asked> {
  const { api, aheadMs } = oneOf(processes);
  const ageMs = random() * (6_000 + futureMaxMs) - futureMaxMs;
  await time.delay(random() * durationMs);
  const at = new Date(time.nowMs + aheadMs - ageMs).toISOString();
  return { at, answers: await ask(api, at) };
}

/** The sum of all accounts at an instant, in cents, by the credits and debits in the log. */
function bookedAt(commits: readonly Commit[], at: string): number {
  const signs: Readonly<Record<string, number>> = { 'Ledger:Credited': 1, 'Ledger:Debited': -1 };
  return commits
    .filter(({ committedAt }) => committedAt <= at)
    .flatMap(({ events }) => events)
    .reduce(
      (sum, { type, data }) => sum + (signs[type] ?? 0) * ((data as { amount?: number }).amount ?? 0),
      0,
    );
}

function sumOf(answers: readonly unknown[]): number {
  const balances = answers.map((answer) => Number((answer as { balance?: string }).balance ?? 0));
  return Math.round(balances.reduce((sum, balance) => sum + balance, 0) * 100);
}

const commitsIn = async ({ log }: World): Promise<Commit[]> =>
  (await Promise.all(accounts.map((id) => Array.fromAsync(log.read(`ledger/${id}`))))).flat(2);

describe.each(seeds)('the past during 2,000 slow commands, seed %d', (seed) => {
  it('never changes after it was asked, and every sum is what was booked', async () => {
    const world = worldOf(seed);
    const running = Promise.all([
      Promise.all(Array.from({ length: commandCount }, (_, index) => sendCommand(world, `${seed}-${index}`))),
      Promise.all(Array.from({ length: questionCount }, () => askPast(world))),
    ]);
    const [statuses, asked] = await world.time.run(running);
    await world.time.run(world.time.delay(10_000));
    const quick = ledgerProcess(world, { seed: 9, aheadMs: 0, isMeasured: false, isSlow: false });
    const commits = await commitsIn(world);

    for (const { at, answers } of asked) {
      expect([at, await world.time.run(ask(quick, at))]).toEqual([at, answers]);
      expect([at, sumOf(answers)]).toEqual([at, bookedAt(commits, at)]);
    }
    // The run tried what it should: nearly all commands were carried out, and none twice.
    const done = statuses.filter((status) => status === 200 || status === 201).length;
    expect(done).toBeGreaterThan(commandCount * 0.8);
    const ids = commits.map(({ stream, commandId }) => `${stream} ${commandId}`);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a transfer that is committed after a debit by a clock that is ahead', () => {
  it('has the same instant on both accounts', async () => {
    const shared = {
      time: new SimulatedTime(start),
      log: new MemoryEventLog(),
      snapshots: new MemorySnapshotStore(),
    };
    const { time } = shared;
    const processOf = (aheadMs: number) =>
      ledgerProcess(shared, { seed: aheadMs, aheadMs, isMeasured: false, isSlow: false });
    const [behind, ahead] = [processOf(0), processOf(2_000)];
    const post = (api: TestApi, path: string, json: object) => time.run(api('POST', path, { json }));
    await post(behind, '/ledger/a/credits', { amount: 100 });
    await post(behind, '/ledger/b/credits', { amount: 1 });
    await time.run(time.delay(10_000));
    // At 10:00:12 by its own clock.
    await post(ahead, '/ledger/a/debits', { amount: 1 });
    // At 10:00:10.
    await post(behind, '/ledger/a/transfers', { to: 'b', amount: 50 });
    await time.run(time.delay(10_000));
    const balancesAt = (at: string) =>
      Promise.all(
        ['a', 'b'].map(async (id) => {
          const { body } = await time.run(behind('GET', `/ledger/${id}`, { query: `at=${at}` }));
          return (body as { balance: string }).balance;
        }),
      );
    expect(await balancesAt('2026-05-01T10:00:11.000Z')).toEqual(['100.00', '1.00']);
    expect(await balancesAt('2026-05-01T10:00:12.000Z')).toEqual(['49.00', '51.00']);
  });
});
