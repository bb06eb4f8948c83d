import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { begin, isRefusedChange } from '../generation-changes.ts';
import { InvalidGenerationsError } from '../generation-state.ts';
import { type GenerationState, type GenerationsStore, initialGenerations } from '../generations.ts';

const now = '2026-01-02T03:04:05.678Z';

function begun(state: GenerationState, segments = 2): GenerationState {
  const change = begin(state, { segments, now });
  if (isRefusedChange(change)) throw new Error(change.refused);
  return change;
}

/** The contract of every store of generations. */
export function describeGenerationsContract(name: string, makeStore: () => Promise<GenerationsStore>): void {
  describe(`generations contract: ${name}`, () => {
    it('has the first generation alone until something is stored', async () => {
      const store = await makeStore();
      expect(await store.read(randomUUID())).toEqual(initialGenerations);
    });

    it('returns what was stored last, with a revision that counts the changes', async () => {
      const store = await makeStore();
      const [one, two] = [randomUUID(), randomUUID()];
      const first = begun(initialGenerations);
      expect(await store.change(one, initialGenerations, first)).toEqual({
        outcome: 'changed',
        state: { ...first, revision: 1 },
      });
      const stored = await store.read(one);
      expect(stored).toEqual({ ...first, revision: 1 });
      const { building: _, ...discarded } = stored;
      await store.change(one, stored, { ...discarded, removing: [{ generation: 'g2', since: now }] });
      expect(await store.read(one)).toEqual({
        revision: 2,
        last: 2,
        active: 'g1',
        removing: [{ generation: 'g2', since: now }],
      });
      expect(await store.read(two)).toEqual(initialGenerations);
    });

    it('makes one of several changes that were decided on the same state', async () => {
      const store = await makeStore();
      const model = randomUUID();
      const race = async (from: GenerationState) => {
        const to = begun({ revision: from.revision, last: from.last, active: from.active });
        const changes = [1, 2, 3, 4].map((segments) =>
          store.change(model, from, { ...to, building: { ...to.building, segments } as never }),
        );
        const outcomes = (await Promise.all(changes)).map(({ outcome }) => outcome);
        expect(outcomes.toSorted()).toEqual(['changed', 'conflict', 'conflict', 'conflict']);
      };
      await race(initialGenerations);
      await race(await store.read(model));
      expect(await store.read(model)).toMatchObject({ revision: 2, last: 3 });
    });

    it('stores nothing that is no state', async () => {
      const store = await makeStore();
      const model = randomUUID();
      const wrong = { ...initialGenerations, active: 'g2' };
      await expect(store.change(model, initialGenerations, wrong)).rejects.toThrow(InvalidGenerationsError);
      expect(await store.read(model)).toEqual(initialGenerations);
    });
  });
}
