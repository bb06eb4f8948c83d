import { describe, expect, it } from '@jest/globals';
import { simulatedEffects } from './simulated-effects.ts';

const draw = ({ random, newId }: ReturnType<typeof simulatedEffects>) => [
  random(),
  random(),
  newId(),
  newId(),
];

describe('simulated effects', () => {
  it('repeat for the same seed and differ otherwise', () => {
    const first = draw(simulatedEffects({ seed: 7 }));
    expect(draw(simulatedEffects({ seed: 7 }))).toEqual(first);
    const ids = [...Array(20)].flatMap(() => draw(simulatedEffects()).slice(2));
    expect(new Set(ids).size).toBe(40);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-0000-7000-8000-[0-9a-f]{12}$/);
  });

  it('record delays, which end at once, and do not move the clock', async () => {
    const { delay, delays, now, clock } = simulatedEffects();
    const before = now();
    await delay(3_600_000);
    expect(delays).toEqual([3_600_000]);
    expect(now()).toBe(before);
    clock.now = '2027-01-01T00:00:00.000Z';
    expect(now()).toBe('2027-01-01T00:00:00.000Z');
  });
});
