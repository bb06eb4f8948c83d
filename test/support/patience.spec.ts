import { expect, it } from '@jest/globals';
import { boundMs, Patience } from './patience.ts';
import { slowness, slownessOf } from './slowness.ts';

it('a bound is three to twenty times the time of a quiet machine', () => {
  expect(slowness()).toBeGreaterThanOrEqual(1);
  expect(slowness()).toBeLessThanOrEqual(20);
  expect(boundMs(1_000)).toBeGreaterThanOrEqual(3_000);
  expect(boundMs(1_000)).toBeLessThanOrEqual(20_000);
});

it.each([
  [180_000, 1, 540_000],
  [180_000, 20, 180_000 + 1_200_000],
  [900_000, 1, 900_000 + 1_200_000],
])('a bound of %i ms on a machine that is %i times slower is %i ms', (quietMs, slow, expectedMs) => {
  expect(boundMs(quietMs, () => slow)).toBe(expectedMs);
});

it.each([
  ['quiet', 3, 0, 1],
  ['a container in a busy machine', 3, 64, 4],
  ['busy', 9, 2, 3],
  ['stalled', 600, 64, 20],
])('%s: work of %i ms and %i processes per core are a slowness of %i', (_, workMs, processes, expected) => {
  expect(slownessOf(workMs, processes)).toBe(expected);
});

it('a wait on the slowest machine ends twenty minutes later than on a quiet one', () => {
  let nowMs = 0;
  const patience = new Patience(
    900_000,
    () => nowMs,
    () => 20,
  );
  nowMs = 2_100_000;
  expect(patience.isOver()).toBe(false);
  nowMs++;
  expect(patience.isOver()).toBe(true);
});

it('a wait counts time by how slow the machine was since the last look', () => {
  let nowMs = 5_000;
  let slow = 1;
  const patience = new Patience(
    100,
    () => nowMs,
    () => slow,
  );
  nowMs += 90;
  expect(patience.isOver()).toBe(false);
  slow = 9;
  nowMs += 90;
  expect(patience.isOver()).toBe(false);
  slow = 1;
  nowMs += 1;
  expect(patience.isOver()).toBe(true);
});

it('a limit that a spec names is longer than the spec says', async () => {
  await new Promise((resolve) => setTimeout(resolve, 150));
}, 100);
