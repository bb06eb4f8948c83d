import { expect, it } from '@jest/globals';
import { boundMs, Patience } from './patience.ts';
import { slowness } from './slowness.ts';

it('a bound is three to twenty times the time of a quiet machine', () => {
  expect(slowness()).toBeGreaterThanOrEqual(1);
  expect(slowness()).toBeLessThanOrEqual(20);
  expect(boundMs(1_000)).toBeGreaterThanOrEqual(3_000);
  expect(boundMs(1_000)).toBeLessThanOrEqual(20_000);
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
