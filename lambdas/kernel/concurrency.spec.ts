import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { forEachConcurrently } from './concurrency.ts';

const numbers = Array.from({ length: 20 }, (_, index) => index);

describe('bounded concurrency', () => {
  it('runs every item once, and never more at the same time than allowed', async () => {
    const done: number[] = [];
    let [running, most] = [0, 0];
    await forEachConcurrently(numbers, 3, async (number) => {
      running += 1;
      most = Math.max(most, running);
      await setImmediate();
      running -= 1;
      done.push(number);
    });
    expect(done.sort((a, b) => a - b)).toEqual(numbers);
    expect(most).toBe(3);
  });

  it('starts no item after a failure, waits for the running ones, and throws the first error', async () => {
    const started: number[] = [];
    const ended: number[] = [];
    const run = forEachConcurrently(numbers, 3, async (number) => {
      started.push(number);
      if (number === 1) throw new Error('first');
      await setImmediate();
      ended.push(number);
      if (number === 2) throw new Error('second');
    });
    await expect(run).rejects.toThrow('first');
    expect(started).toEqual([0, 1, 2]);
    expect(ended).toEqual([0, 2]);
  });

  it('does nothing without items', async () => {
    await expect(forEachConcurrently([], 3, async () => undefined)).resolves.toBeUndefined();
  });
});
