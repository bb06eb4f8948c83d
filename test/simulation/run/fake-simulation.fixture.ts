import type { Act, Plan } from '../plan.ts';
import { Random } from '../world/random.ts';
import type { Outcome, RunOptions, Simulation } from './outcome.ts';

const debit = (index: number): Act => ({
  ...{ kind: 'command', atMs: index * 1_000, who: 'ann', key: `k${index}`, attempts: 3, patienceMs: 5_000 },
  command: { context: 'ledger', do: 'debit', id: `acc-${index % 5}`, amount: '1.00' },
});

/**
 * A simulation in which a history is wrong if Bob reads acc-3 while requests are lost. Each seed has other acts. `wrongSeeds`: in
 * which histories he does.
 */
export function fakeSimulation(wrongSeeds: (seed: number) => boolean): Simulation {
  return {
    makePlan(seed) {
      const random = new Random(seed, 'plan');
      const acts: Act[] = Array.from({ length: 50 + random.under(10) }, (_, index) => debit(index));
      acts.push({ kind: 'again', atMs: 70_000, who: 'ann', act: 7 });
      if (wrongSeeds(seed)) {
        acts.splice(25, 0, {
          ...{ kind: 'read', atMs: 25_500, who: 'bob', context: 'ledger', id: 'acc-3', isFresh: true },
        });
      }
      const span = { service: 'dynamodb', fromMs: 0, forMs: 80_000 } as const;
      return {
        seed,
        options: {
          ...{
            snapshotThreshold: 3,
            apiInstances: 2,
            pageBytes: 2_000,
            shards: 2,
            projectorsPerShard: 1,
            eventFilters: false,
            longStreamEvents: 1_200,
          },
        },
        acts: acts.map((act) => (act.kind === 'again' && wrongSeeds(seed) ? { ...act, act: 8 } : act)),
        faults: [
          { kind: 'throttled', ...span, chance: 0.1 },
          { kind: 'request-lost', ...span, chance: 0.1 },
          { kind: 'paused', consumer: 'publisher', fromMs: 5, forMs: 9_000 },
        ],
      };
    },
    runPlan: async (plan, options) => outcomeOf(plan, options),
  };
}

function outcomeOf({ acts, faults }: Plan, { isTraced }: RunOptions): Outcome {
  const isWrong =
    acts.some((act) => act.kind === 'read') && faults.some(({ kind }) => kind === 'request-lost');
  return {
    findings: isWrong ? [{ check: 'reads are right', text: 'Bob expected 5.00, and found 4.00.' }] : [],
    isDrained: true,
    trace: isTraced ? acts.map(({ kind, atMs }) => `${atMs} ${kind}`) : [],
    struck: new Map(faults.map(({ kind }) => [kind, 2])),
    counts: { commands: acts.length, commits: acts.length, events: acts.length, simulatedMs: 60_000 },
  };
}

/** From seed 30 on, every seventh history is wrong. */
export const simulation = fakeSimulation((seed) => seed >= 30 && seed % 7 === 0);
