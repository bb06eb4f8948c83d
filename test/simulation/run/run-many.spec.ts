import { describe, expect, it } from '@jest/globals';
import { endCheck } from './judged.ts';
import { type ManyOptions, runMany } from './run-many.ts';

const module = new URL('./fake-simulation.fixture.ts', import.meta.url).href;
const summary = async (options: Partial<ManyOptions>) => {
  const { seeds, counts, coverage, failure } = await runMany({ module, from: 1, workers: 1, ...options });
  return { seeds, counts, coverage, failure };
};

describe('running many seeds', () => {
  it('runs all of them if each history is right', async () => {
    const { seeds, counts, coverage, failure } = await summary({ seeds: 29, workers: 2 });
    expect({ seeds, failure }).toEqual({ seeds: 29, failure: undefined });
    expect(counts.simulatedMs).toBe(29 * 60_000);
    expect(coverage.faults).toMatchObject({
      throttled: { histories: 29, times: 58 },
      slow: { histories: 0, times: 0 },
    });
    expect(coverage.acts['again']).toEqual({ histories: 29, times: 29 });
  });

  it('ends at the first difference, with the same result for any number of threads', async () => {
    const alone = await summary({ seeds: 500 });
    expect(alone).toMatchObject({
      seeds: 35,
      failure: { seed: 35, findings: [{ check: 'reads are right' }] },
    });
    for (const workers of [2, 5]) expect(await summary({ seeds: 500, workers })).toStrictEqual(alone);
  });

  it('runs until it is stopped if no number of seeds is given', async () => {
    const stop = new AbortController();
    const running = summary({ module: fixture('never-wrong'), workers: 2, signal: stop.signal });
    setTimeout(() => stop.abort(), 1_000);
    expect(await running).toMatchObject({ failure: undefined });
  });

  it('finds a history that does not end', async () => {
    const { failure } = await summary({
      module: fixture('endless'),
      seeds: 9,
      workers: 2,
      patienceMs: 3_000,
    });
    expect(failure).toMatchObject({ seed: 4, findings: [{ check: endCheck }] });
  });

  it('fails if a thread cannot load the simulation', async () => {
    await expect(summary({ module: 'file:///none.ts', seeds: 1 })).rejects.toThrow(/none\.ts/);
  });
});

/** A module with a fake simulation, as text. */
function fixture(kind: 'never-wrong' | 'endless'): string {
  const endless = `runPlan: (plan, options) => {
    while (plan.seed === 4) {}
    return fake.runPlan(plan, options);
  }`;
  const text = `
    import { fakeSimulation } from ${JSON.stringify(module)};
    const fake = fakeSimulation(() => false);
    export const simulation = { ...fake, ${kind === 'endless' ? endless : ''} };`;
  return `data:text/javascript,${encodeURIComponent(text)}`;
}
