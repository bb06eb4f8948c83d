import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  begin,
  discard,
  drop,
  finish,
  follow,
  type GenerationChange,
  isRefusedChange,
  removed,
  removingMax,
  switchOver,
  undo,
} from './generation-changes.ts';
import { generationState } from './generation-state.ts';
import {
  type GenerationState,
  generationNumber,
  initialGenerations,
  writtenGenerations,
} from './generations.ts';

const now = '2026-01-02T03:04:05.678Z';

function done(change: GenerationChange): GenerationState {
  if (isRefusedChange(change)) throw new Error(change.refused);
  return change;
}

const code = (change: GenerationChange) => (isRefusedChange(change) ? change.code : 'changed');

const folding = done(begin(initialGenerations, { segments: 4, now }));
const following = done(follow(folding, 'g2', now));
const compared = done(finish(following, 'g2'));
const switched = done(switchOver(compared, now));

describe('changes of generations', () => {
  it('build a generation, switch to it, and undo that', () => {
    expect(folding).toEqual({
      revision: 0,
      last: 2,
      active: 'g1',
      building: { generation: 'g2', phase: 'folding', segments: 4, startedAt: now },
    });
    expect(writtenGenerations(folding)).toEqual(['g1']);
    expect(following.building).toMatchObject({ phase: 'following', followingSince: now });
    expect(writtenGenerations(following)).toEqual(['g1', 'g2']);
    expect(writtenGenerations(compared)).toEqual(['g1', 'g2']);
    expect(switched).toEqual({ revision: 0, last: 2, active: 'g2', previous: 'g1' });
    expect(writtenGenerations(switched)).toEqual(['g2', 'g1']);
    expect(done(undo(switched))).toMatchObject({ active: 'g1', previous: 'g2' });
    expect(done(undo(done(undo(switched))))).toEqual(switched);
  });

  it('give up what is discarded or dropped, until its rows are deleted, and never use its number again', () => {
    const discarded = done(discard(following, now));
    expect(discarded).toEqual({
      revision: 0,
      last: 2,
      active: 'g1',
      removing: [{ generation: 'g2', since: now }],
    });
    const next = done(begin(done(removed(discarded, 'g2')), { segments: 1, now }));
    expect(next).toMatchObject({ last: 3, building: { generation: 'g3' } });
    expect(done(drop(switched, now))).toEqual({
      revision: 0,
      last: 2,
      active: 'g2',
      removing: [{ generation: 'g1', since: now }],
    });
  });

  it('give up an older previous generation at a switch', () => {
    const third = done(finish(done(follow(done(begin(switched, { segments: 1, now })), 'g3', now)), 'g3'));
    expect(writtenGenerations(third)).toEqual(['g2', 'g1', 'g3']);
    const later = done(switchOver(third, now));
    expect(later).toMatchObject({ active: 'g3', previous: 'g2', removing: [{ generation: 'g1' }] });
    expect(writtenGenerations(later)).toEqual(['g3', 'g2']);
  });

  it('change nothing when a step is repeated', () => {
    expect(follow(following, 'g2', '2027-01-01T00:00:00.000Z')).toBe(following);
    expect(finish(compared, 'g2')).toBe(compared);
  });

  const full: GenerationState = {
    ...switched,
    last: 100,
    removing: Array.from({ length: removingMax }, (_, index) => ({
      generation: `g${index + 3}`,
      since: now,
    })),
  };

  it.each<readonly [string, GenerationChange]>([
    ['build-runs', begin(folding, { segments: 1, now })],
    ['segments-out-of-bounds', begin(initialGenerations, { segments: 0, now })],
    ['segments-out-of-bounds', begin(initialGenerations, { segments: 65, now })],
    ['segments-out-of-bounds', begin(initialGenerations, { segments: 1.5, now })],
    ['segments-out-of-bounds', begin(initialGenerations, { segments: Number.NaN, now })],
    ['no-build', follow(initialGenerations, 'g2', now)],
    ['other-generation', follow(folding, 'g3', now)],
    ['other-generation', follow(folding, 'g1', now)],
    ['wrong-phase', follow(compared, 'g2', now)],
    ['no-build', finish(initialGenerations, 'g2')],
    ['other-generation', finish(following, 'g3')],
    ['wrong-phase', finish(folding, 'g2')],
    ['no-build', switchOver(initialGenerations, now)],
    ['wrong-phase', switchOver(folding, now)],
    ['wrong-phase', switchOver(following, now)],
    ['no-previous', undo(compared)],
    ['no-build', discard(switched, now)],
    ['no-previous', drop(compared, now)],
    ['too-many-removing', drop(full, now)],
    ['not-removing', removed(switched, 'g1')],
  ])('refuse with %s what is wrong', (expected, change) => {
    expect(code(change)).toBe(expected);
    expect(isRefusedChange(change) && change.refused).toMatch(/^[A-Z].*\.$/);
  });

  it('keep every rule of the state, in any order', () => {
    const step = fc.record({
      kind: fc.constantFrom('begin', 'follow', 'finish', 'switch', 'undo', 'discard', 'drop', 'removed'),
      number: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let state = initialGenerations;
        for (const { kind, number } of steps) {
          const before = state;
          const change = changeOf(kind, state, `g${number}`);
          if (isRefusedChange(change)) continue;
          state = generationState({ ...change, revision: before.revision + 1 }, 'spec');
          expect(state.last).toBeGreaterThanOrEqual(before.last);
          expectNoJump(before, state);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function changeOf(kind: string, state: GenerationState, generation: string): GenerationChange {
  const named = state.building?.generation ?? generation;
  if (kind === 'begin') return begin(state, { segments: 1, now });
  if (kind === 'follow') return follow(state, named, now);
  if (kind === 'finish') return finish(state, named);
  if (kind === 'switch') return switchOver(state, now);
  if (kind === 'undo') return undo(state);
  if (kind === 'discard') return discard(state, now);
  return kind === 'drop' ? drop(state, now) : removed(state, generation);
}

/** What becomes active was written by projectors before, and a new generation has a new number. */
function expectNoJump(before: GenerationState, after: GenerationState): void {
  expect(writtenGenerations(before)).toContain(after.active);
  const { building } = after;
  if (building === undefined || building.generation === before.building?.generation) return;
  expect(generationNumber(building.generation)).toBe(before.last + 1);
}
