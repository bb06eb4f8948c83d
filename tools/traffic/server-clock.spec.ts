import { describe, expect, it } from '@jest/globals';
import { ServerClock } from './server-clock.ts';

describe('ServerClock', () => {
  it('assumes that the server has the same time until it has answered', () => {
    const clock = new ServerClock(() => 5_000);
    expect(clock.localMs()).toBe(5_000);
    expect(clock.now()).toEqual({ earliestMs: 4_750, latestMs: 5_250 });
  });

  it('allows for the round trip', () => {
    const clock = new ServerClock(() => 20_000);
    clock.observe(70_000, 10_000, 10_100);
    expect(clock.now()).toEqual({ earliestMs: 79_650, latestMs: 80_250 });
    expect(clock.between(11_000, 12_000)).toEqual({ earliestMs: 70_650, latestMs: 72_250 });
  });

  it('uses the quickest answer', () => {
    const clock = new ServerClock(() => 20_000);
    clock.observe(70_000, 10_000, 10_100);
    clock.observe(75_000, 10_000, 15_000);
    clock.observe(70_050, 10_000, 10_010);
    expect(clock.between(10_000, 10_000)).toEqual({ earliestMs: 69_790, latestMs: 70_300 });
  });
});
