import { describe, expect, it } from '@jest/globals';
import { CachedGenerations, failurePauseMs, lastKnownMaxMs } from './cached-generations.ts';
import { type GenerationState, generationCacheMs, initialGenerations } from './generations.ts';
import { simulatedEffects } from './testing/simulated-effects.ts';

const second: GenerationState = { revision: 1, last: 2, active: 'g2', previous: 'g1' };

function setUp() {
  const effects = simulatedEffects();
  const store = {
    reads: 0,
    state: initialGenerations,
    error: undefined as Error | undefined,
    wait: async (): Promise<void> => undefined,
    read: async () => {
      store.reads += 1;
      const { state, error } = store;
      await store.wait();
      if (error) throw error;
      return state;
    },
  };
  const pass = (ms: number) => {
    effects.clock.now = new Date(Date.parse(effects.clock.now) + ms).toISOString();
  };
  return { store, pass, cached: new CachedGenerations({ store, model: 'ledger', effects }) };
}

describe('cached generations', () => {
  it('are read again when the time of the cache has passed', async () => {
    const { store, pass, cached } = setUp();
    await cached.current();
    store.state = second;
    pass(generationCacheMs - 1);
    expect([await cached.current(), await cached.lastKnown()]).toEqual([
      initialGenerations,
      initialGenerations,
    ]);
    expect(store.reads).toBe(1);
    pass(1);
    expect([await cached.lastKnown(), await cached.current()]).toEqual([second, second]);
    expect(store.reads).toBe(2);
  });

  it('are read once for callers at the same time', async () => {
    const { store, cached } = setUp();
    await Promise.all([cached.current(), cached.lastKnown(), cached.current()]);
    expect(store.reads).toBe(1);
  });

  it('are as old as the question, not as the answer', async () => {
    const { store, pass, cached } = setUp();
    store.wait = async () => pass(generationCacheMs);
    await cached.current();
    store.wait = async () => undefined;
    store.state = second;
    expect(await cached.current()).toEqual(second);
  });

  it('are read again if a read that began long ago has not ended', async () => {
    const { store, pass, cached } = setUp();
    const answers: (() => void)[] = [];
    store.wait = () => new Promise((resolve) => answers.push(resolve));
    const old = cached.current();
    pass(generationCacheMs);
    store.state = second;
    store.wait = async () => undefined;
    expect(await cached.current()).toEqual(second);
    for (const answer of answers) answer();
    expect(await old).toEqual(initialGenerations);
    // The late answer does not replace the newer one.
    expect(await cached.current()).toEqual(second);
    expect(store.reads).toBe(2);
  });

  it('are read again after the clock was set back', async () => {
    const { store, pass, cached } = setUp();
    await cached.current();
    store.state = second;
    pass(-1);
    expect(await cached.current()).toEqual(second);
  });

  it('expire for writers when they cannot be read', async () => {
    const { store, pass, cached } = setUp();
    await cached.current();
    store.error = new Error('down');
    pass(generationCacheMs);
    await expect(cached.current()).rejects.toThrow('down');
    store.error = undefined;
    expect(await cached.current()).toEqual(initialGenerations);
  });

  it('stay known to queries for a minute, while the store is asked now and then', async () => {
    const { store, pass, cached } = setUp();
    await cached.lastKnown();
    store.error = new Error('down');
    pass(generationCacheMs);
    for (let queries = 0; queries < 3; queries += 1) {
      expect(await cached.lastKnown()).toEqual(initialGenerations);
    }
    expect(store.reads).toBe(2);
    pass(failurePauseMs - 1);
    await cached.lastKnown();
    expect(store.reads).toBe(2);
    pass(1);
    await cached.lastKnown();
    expect(store.reads).toBe(3);
    pass(lastKnownMaxMs - generationCacheMs - failurePauseMs - 1);
    expect(await cached.lastKnown()).toEqual(initialGenerations);
    pass(1);
    await expect(cached.lastKnown()).rejects.toThrow('down');
    store.error = undefined;
    store.state = second;
    expect(await cached.lastKnown()).toEqual(second);
  });

  it('are unknown to queries until they were read once', async () => {
    const { store, cached } = setUp();
    store.error = new Error('down');
    await expect(cached.lastKnown()).rejects.toThrow('down');
    await expect(cached.lastKnown()).rejects.toThrow('down');
    expect(store.reads).toBe(2);
  });
});
