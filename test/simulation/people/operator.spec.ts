import { describe, expect, it } from '@jest/globals';
import type { Act } from '../plan.ts';
import { startMs } from '../world/world.ts';
import { FakeRebuilder, type FakeRebuilderOptions } from './fake-rebuilder.fixture.ts';
import { broken, carryOut, ended, type FakeCall, fakeSettleMs } from './fake-world.fixture.ts';

type Rebuild = Extract<Act, { kind: 'rebuild' }>;

const rebuild: Rebuild = {
  ...{ kind: 'rebuild', atMs: 1_000, readModel: 'ledger', parts: 2 },
  // biome-ignore lint/suspicious/noThenProperty: the plan's word for what follows.
  then: 'nothing',
};

const setUp = async (act: Act, options: Partial<FakeRebuilderOptions> = {}, finishes = false) => {
  const fake = new FakeRebuilder({ startMs, ...options });
  const done = await carryOut([act], fake.answer, { finishes });
  return { fake, ...done, actions: actionsOf(done.calls) };
};

const actionsOf = (calls: readonly FakeCall[]) =>
  calls.map(({ event: { action, segment } }) => (segment === undefined ? action : `${action} ${segment}`));

/** The steps of a rebuild in 2 parts that need 2 invocations each. */
const parts = (action: string) => [0, 1, 0, 1].map((segment) => `${action} ${segment}`);

describe('the operator', () => {
  it('rebuilds step by step, and compares when the time has come', async () => {
    const { fake, actions, calls } = await setUp(rebuild);
    expect(actions.slice(0, 7)).toEqual(['status', 'begin', ...parts('fold'), 'follow']);
    expect(actions.slice(-2)).toEqual(['finish', 'switch']);
    const compared = calls.filter(({ event }) => event['action'] === 'compare');
    expect(compared.map(({ event }) => event['segment']).toSorted()).toEqual([0, 0, 1, 1]);
    const followed = calls.find(({ event }) => event['action'] === 'follow')?.atMs ?? 0;
    expect(compared[0]?.atMs).toBeGreaterThanOrEqual(followed + fakeSettleMs);
    expect(fake.active).toBe('g2');
  });

  it.each([1, 2, 3, 5, 7, 9, 12])('repeats request %i, carried out or not', async (number) => {
    for (const lost of ['carried', 'not-carried'] as const) {
      const { fake, actions } = await setUp(rebuild, { lost: { [number]: lost } });
      expect(fake.active).toBe('g2');
      expect(actions.length).toBeGreaterThanOrEqual(13);
    }
  });

  it('gives up a generation with streams that cannot be folded', async () => {
    const { fake, actions } = await setUp(rebuild, { parked: 1 });
    expect(actions.at(-1)).toBe('discard');
    expect(fake.active).toBe('g1');
  });

  it('gives up when no attempt is answered, and tidies up in the end', async () => {
    const lost = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [at + 7, 'not-carried' as const]));
    const before = await setUp(rebuild, { lost });
    expect(before.trace.join('\n')).toMatch(
      /gives up the rebuild of ledger: No attempt of "follow" is answered\./,
    );
    expect(before.fake.building).toMatchObject({ phase: 'folding' });
    const { fake } = await setUp(rebuild, { lost }, true);
    expect(fake.building).toBeUndefined();
    expect(fake.removing).toEqual([]);
  });

  it('drops the previous generation, and deletes its rows after the settle time', async () => {
    // biome-ignore lint/suspicious/noThenProperty: the plan's word for what follows.
    const { fake, actions, calls } = await setUp({ ...rebuild, then: 'drop' });
    const dropped = calls.find(({ event }) => event['action'] === 'drop')?.atMs ?? 0;
    const removed = calls.filter(({ event }) => event['action'] === 'remove');
    expect(actions.filter((action) => String(action).startsWith('remove'))).toHaveLength(8);
    expect(removed[0]?.atMs).toBeGreaterThanOrEqual(dropped + fakeSettleMs);
    expect(fake.removing).toEqual([]);
  });

  it.each<[Rebuild['then'], string, number]>([
    ['undo', 'g1', 1],
    ['undo-twice', 'g2', 2],
  ])('%s ends at %s', async (what, active, undos) => {
    // biome-ignore lint/suspicious/noThenProperty: the plan's word for what follows.
    const { fake, actions } = await setUp({ ...rebuild, then: what });
    expect(actions.filter((action) => action === 'undo')).toHaveLength(undos);
    expect(fake.active).toBe(active);
  });

  it('does not repeat an undo that was not answered', async () => {
    // The 14th request is the status before the undo, the 15th the undo.
    // biome-ignore lint/suspicious/noThenProperty: the plan's word for what follows.
    const { fake, actions } = await setUp({ ...rebuild, then: 'undo' }, { lost: { 15: 'carried' } });
    expect(actions.slice(13)).toEqual(['status', 'undo', 'status']);
    expect(fake.active).toBe('g1');
  });

  it('redrives the publisher and all projectors, and continues where they say', async () => {
    const names = [
      'publisher',
      ...['ledger', 'metrics', 'dispense', 'person', 'todo'].map((name) => `${name}-projector`),
    ];
    let broke = false;
    const { calls } = await carryOut([{ kind: 'redrive', atMs: 0 }], ({ name, event }) => {
      if (name === 'metrics-projector' && !broke) {
        broke = true;
        return broken('killed');
      }
      if (name !== 'todo-projector' || event['after'] !== undefined) return ended({ parked: [], failed: [] });
      return ended([{ next: 'ledger/b' }, {}, { next: 'metrics/c' }]);
    });
    expect(calls.every(({ event }) => event['redrive'] === true)).toBe(true);
    expect([...new Set(calls.map(({ name }) => name))]).toEqual(names);
    expect(calls.filter(({ name }) => name === 'metrics-projector')).toHaveLength(2);
    const todo = calls.filter(({ name }) => name === 'todo-projector').map(({ event }) => event['after']);
    expect(todo).toEqual([undefined, 'ledger/b', 'metrics/c']);
  });

  it('catches up by a redrive and a rebuild of every read model', async () => {
    const { calls } = await setUp({ kind: 'catch-up', atMs: 0 });
    const switched = calls.filter(({ event }) => event['action'] === 'switch');
    expect(calls[0]?.event).toEqual({ redrive: true });
    expect(switched.map(({ event }) => event['readModel'])).toEqual([
      'ledger',
      'metrics',
      'dispense',
      'person',
      'todo',
    ]);
  });

  const damage: Act = { kind: 'damage-and-repair', atMs: 500, readModel: 'metrics', id: 'metric-1' };

  it('repairs a damaged row, and once more after the settle time', async () => {
    const { damaged, damages, calls } = await setUp(damage, { differing: [['balance']] });
    expect(damaged).toEqual(['metrics/metric-1']);
    const repair = { action: 'repair', stream: 'metrics/metric-1' };
    expect(calls.map(({ event }) => event)).toEqual([repair, repair]);
    expect((calls[1]?.atMs ?? 0) - (calls[0]?.atMs ?? 0)).toBeGreaterThan(fakeSettleMs);
    expect(damages).toEqual([
      {
        ...{ readModel: 'metrics', id: 'metric-1', fromMs: startMs + 500 },
        untilMs: startMs + (calls[1]?.atMs ?? 0) + 10,
      },
    ]);
  });

  it('repairs until nothing differs, and no answer was lost', async () => {
    const differing = await setUp(damage, { differing: [['balance'], ['balance'], []] });
    expect(differing.calls).toHaveLength(3);
    // The answer of the second repair is lost, so its repetition proves nothing.
    const lost = await setUp(damage, { lost: { 2: 'carried' } });
    expect(lost.calls).toHaveLength(4);
    expect(lost.damages[0]?.untilMs).toBeDefined();
    const never = await setUp(damage, { differing: Array.from({ length: 9 }, () => ['balance']) });
    expect(never.calls).toHaveLength(6);
    expect(never.damages[0]?.untilMs).toBeUndefined();
    const finished = await setUp(damage, { differing: Array.from({ length: 7 }, () => ['balance']) }, true);
    expect(finished.calls).toHaveLength(8);
  });

  it('tells the same with the same seed', async () => {
    const once = async () =>
      // biome-ignore lint/suspicious/noThenProperty: the plan's word for what follows.
      (await setUp({ ...rebuild, then: 'drop' }, { lost: { 4: 'carried', 9: 'not-carried' } }, true)).trace;
    expect(await once()).toEqual(await once());
  });
});
