import { describe, expect, it } from '@jest/globals';
import type { Act, Plan } from '../plan.ts';
import { fakeSimulation } from './fake-simulation.fixture.ts';
import type { Outcome } from './outcome.ts';
import { shrink } from './shrink.ts';

const fake = fakeSimulation(() => true);

/** Shrinks a plan of the fake simulation, in which these plans are wrong. */
function shrunk(isWrong: (plan: Plan) => boolean, maxRuns?: number) {
  const runPlan = async (plan: Plan): Promise<Outcome> => {
    const outcome = await fake.runPlan(plan, { isTraced: false });
    return { ...outcome, findings: isWrong(plan) ? [{ check: 'x', text: 'x' }] : [] };
  };
  return shrink({ runPlan }, fake.makePlan(1), 'x', maxRuns);
}

describe('shrinking', () => {
  it('leaves what the difference needs, in its simplest form', async () => {
    const { plan, runs } = await shrink(fake, fake.makePlan(1), 'reads are right');
    expect(plan).toEqual({
      seed: 1,
      options: {
        ...{ snapshotThreshold: 100, apiInstances: 1, pageBytes: 1_000_000, shards: 1, longStreamEvents: 0 },
        ...{ projectorsPerShard: 1, eventFilters: false },
      },
      acts: [{ kind: 'read', atMs: 25_500, who: 'bob', context: 'ledger', id: 'acc-3', isFresh: true }],
      faults: [{ kind: 'request-lost', service: 'dynamodb', fromMs: 0, forMs: 625, chance: 0.1 }],
    });
    expect(runs).toBeLessThan(100);
  });

  it('keeps acts that belong together, and their references', async () => {
    const isAgain = (act: Act) => act.kind === 'again';
    const { plan } = await shrunk(({ acts }) => acts.some(isAgain));
    expect(plan.acts).toMatchObject([
      { kind: 'command', key: 'k8' },
      { kind: 'again', act: 0 },
    ]);
  });

  it('finds two acts far from each other', async () => {
    const keys = ['k2', 'k45'];
    const hasAll = ({ acts }: Plan) =>
      keys.every((key) => acts.some((act) => act.kind === 'command' && act.key === key));
    const { plan } = await shrunk((each) => hasAll(each) && each.options.shards === 2);
    expect(plan.acts).toMatchObject(keys.map((key) => ({ key, attempts: 1 })));
    expect([plan.faults, plan.options.shards]).toEqual([[], 2]);
  });

  it('ends after the number of runs that it may take', async () => {
    const { plan, runs } = await shrunk(() => true, 3);
    expect(runs).toBe(3);
    expect(plan.acts.length).toBeGreaterThan(0);
  });

  it('takes no plan that another check finds', async () => {
    const plan = fake.makePlan(1);
    expect((await shrink(fake, plan, 'another check')).plan).toBe(plan);
  });
});
