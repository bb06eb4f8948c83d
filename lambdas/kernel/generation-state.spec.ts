import { describe, expect, it } from '@jest/globals';
import { generationState, InvalidGenerationsError, nextState } from './generation-state.ts';
import { initialGenerations } from './generations.ts';

const at = '2026-01-02T03:04:05.678Z';
const building = { generation: 'g4', phase: 'following', segments: 2, startedAt: at, followingSince: at };
const whole = {
  revision: 7,
  last: 4,
  active: 'g3',
  previous: 'g2',
  building,
  removing: [{ generation: 'g1', since: at }],
};
const without = (name: string, object: object) =>
  Object.fromEntries(Object.entries(object).filter(([field]) => field !== name));

describe('a stored state of generations', () => {
  it('is returned as it is', () => {
    expect(generationState(whole, 'item')).toEqual(whole);
    expect(generationState({ revision: 1, last: 1, active: 'g1' }, 'item')).toEqual({
      revision: 1,
      last: 1,
      active: 'g1',
    });
  });

  it.each<readonly [unknown, string]>([
    [null, 'it is no object'],
    ['g2', 'it is no object'],
    [[], 'it is no object'],
    [{}, '`revision`'],
    [{ ...whole, revision: 0 }, '`revision`'],
    [{ ...whole, revision: '7' }, '`revision`'],
    [{ ...whole, last: 3 }, 'a number after `last`, which is 3'],
    [{ ...whole, last: 4.5 }, '`last`'],
    [without('active', whole), '`active`'],
    [{ ...whole, active: 'g03' }, '`active`'],
    [{ ...whole, active: 'G3' }, '`active`'],
    [{ ...whole, active: 'g3#' }, '`active`'],
    [{ ...whole, active: 'g3\n' }, '`active`'],
    [{ ...whole, active: 3 }, '`active`'],
    [{ ...whole, previous: '' }, '`previous`'],
    [{ ...whole, previous: null }, '`previous`'],
    [{ ...whole, previous: 'g3' }, 'named twice'],
    [{ ...whole, buliding: building }, '`buliding` is no field'],
    [{ ...whole, building: 'g4' }, '`building` is no object'],
    [{ ...whole, building: { ...building, generation: 'g3' } }, 'named twice'],
    [{ ...whole, building: { ...building, phase: 'done' } }, '`building.phase`'],
    [{ ...whole, building: { ...building, phase: 'folding' } }, '`building.followingSince` is present'],
    [{ ...whole, building: without('followingSince', building) }, '`building.followingSince` is no instant'],
    [{ ...whole, building: { ...building, segments: 65 } }, '`building.segments`'],
    [{ ...whole, building: { ...building, startedAt: 'yesterday' } }, '`building.startedAt`'],
    [{ ...whole, building: { ...building, startedAt: '2026-01-02' } }, '`building.startedAt`'],
    [{ ...whole, removing: {} }, '`removing` is no list'],
    [{ ...whole, removing: [null] }, '`removing[0]` is no object'],
    [{ ...whole, removing: [{ generation: 'g1' }] }, '`removing[0].since`'],
    [{ ...whole, removing: [{ generation: 'g2', since: at }] }, 'named twice'],
    [{ ...whole, removing: Array(21).fill({ generation: 'g1', since: at }) }, '`removing` is no list'],
  ])('%j is refused with a sentence that names the item and the fault', (value, fault) => {
    const read = () => generationState(value, 'generations/ledger');
    expect(read).toThrow(InvalidGenerationsError);
    expect(read).toThrow(/^The item generations\/ledger of the control table is no state .*\.$/);
    expect(read).toThrow(fault);
  });

  it('names every fault together', () => {
    expect(() => generationState({ revision: 1, last: 0, active: '' }, 'item')).toThrow(/`last`.*; `active`/);
  });

  it('is followed by one with the next revision and no lower number', () => {
    expect(nextState(initialGenerations, { ...initialGenerations, last: 2 }, 'item').revision).toBe(1);
    const lower = { revision: 7, last: 3, active: 'g3' };
    expect(() => nextState({ ...lower, last: 4 }, lower, 'item')).toThrow('never used again');
  });
});
