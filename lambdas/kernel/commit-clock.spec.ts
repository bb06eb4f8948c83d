import { describe, expect, it } from '@jest/globals';
import { CommitClock, clockOffsetMaxMs, futureMaxMs, settledAfterMs } from './commit-clock.ts';
import { codeOf } from './testing/counter-handler.fixture.ts';
import { countingObserver } from './testing/counting-observer.fixture.ts';
import { SimulatedTime } from './testing/simulated-time.ts';

const stream = 'counter/a';

/** A clock that is ahead of the service's by `aheadMs`, in a process that starts at a whole second. */
function clockAhead(aheadMs = 0) {
  const time = new SimulatedTime('2026-05-01T10:00:00.000Z');
  const offset = { aheadMs };
  const nowMs = () => time.nowMs + offset.aheadMs;
  const { observer, counts } = countingObserver();
  const delays: number[] = [];
  const delay = (ms: number) => {
    delays.push(ms);
    return time.delay(ms);
  };
  const clock = new CommitClock({ now: () => new Date(nowMs()).toISOString(), delay }, observer);
  /** An answer that takes 10 ms, `afterMs` later. */
  const answer = async (afterMs = 0, date: string | undefined = undefined) => {
    await time.run(time.delay(afterMs));
    const sentMs = nowMs();
    await time.run(time.delay(10));
    clock.note({ sentMs, receivedMs: nowMs(), date: date ?? new Date(time.nowMs).toUTCString() });
  };
  const iso = (ms: number) => new Date(nowMs() + ms).toISOString();
  const waited = async (ms: number) => {
    delays.length = 0;
    await time.run(clock.untilSettled(stream, iso(ms)));
    return delays.reduce((sum, one) => sum + one, 0);
  };
  const isRefused = async () => (await codeOf((async () => clock.stamp(stream))())) === 'clock-off';
  return { clock, time, offset, counts, answer, iso, waited, isRefused };
}

describe('the offset of the clock', () => {
  it('is unknown without answers and with malformed ones', async () => {
    const { clock, answer } = clockAhead();
    await answer(0, 'soon');
    await answer(0, '');
    expect(clock.offset).toBeUndefined();
  });

  it('is known to the time of an answer, after many answers', async () => {
    const { clock, answer } = clockAhead(300);
    for (let count = 0; count < 40; count += 1) await answer(77);
    expect(clock.offset?.highestMs).toBeGreaterThanOrEqual(300);
    expect(clock.offset?.highestMs).toBeLessThanOrEqual(400);
    expect(clock.offset?.lowestMs).toBeLessThanOrEqual(300);
  });

  it.each([0, 400, -400, 499, -499])('is accepted: %d ms', async (aheadMs) => {
    const { answer, isRefused } = clockAhead(aheadMs);
    for (let count = 0; count < 200; count += 1) {
      await answer(37);
      expect(await isRefused()).toBe(false);
    }
  });

  // The service's clock may be 2 s after a `Date` header, so an offset ahead is proved later than one behind.
  it.each([-600, -1_500, -60_000, 2_600, 60_000])('is refused: %d ms', async (aheadMs) => {
    const { answer, isRefused, counts, waited } = clockAhead(aheadMs);
    for (let count = 0; count < 40; count += 1) await answer(77);
    expect(await isRefused()).toBe(true);
    expect(await codeOf(waited(-60_000))).toBe('clock-off');
    expect(counts).toEqual({ ClockRefusals: 2 });
  });

  it('is accepted again when the clock is right again', async () => {
    const { answer, isRefused, offset } = clockAhead(-5_000);
    await answer();
    expect(await isRefused()).toBe(true);
    offset.aheadMs = 0;
    await answer();
    expect(await isRefused()).toBe(false);
  });

  it('follows a clock that drifts', async () => {
    const { clock, answer, offset } = clockAhead(-100);
    for (let second = 0; second < 300; second += 1) {
      offset.aheadMs += 1;
      await answer(990);
    }
    expect(clock.offset?.highestMs).toBeGreaterThanOrEqual(140);
    expect(clock.offset?.lowestMs).toBeLessThanOrEqual(200);
  });
});

describe('an instant is settled', () => {
  it('at once if it is old', async () => {
    const { waited } = clockAhead();
    expect(await waited(-settledAfterMs - clockOffsetMaxMs - 1)).toBe(0);
  });

  it.each([
    ['unmeasured', 0, settledAfterMs + clockOffsetMaxMs],
    ['measured', 1, settledAfterMs],
  ])('after a wait if it is now: %s', async (_name, answers, shortestMs) => {
    const { waited, answer } = clockAhead();
    for (let count = 0; count < answers; count += 1) await answer();
    const waitedMs = await waited(0);
    expect(waitedMs).toBeGreaterThan(shortestMs);
    expect(waitedMs).toBeLessThanOrEqual(settledAfterMs + 1_100);
  });

  it('later by a clock that is ahead', async () => {
    const { waited, answer } = clockAhead(400);
    await answer();
    expect(await waited(0)).toBeGreaterThan(settledAfterMs + 400);
  });

  it('never if it is in the future', async () => {
    const { clock, iso } = clockAhead();
    expect(await codeOf(clock.untilSettled(stream, iso(futureMaxMs + 1)))).toBe('future-instant');
  });

  it('not while the clock does not advance', async () => {
    const now = '2026-05-01T10:00:00.000Z';
    const clock = new CommitClock({ now: () => now, delay: async () => undefined });
    expect(await codeOf(clock.untilSettled(stream, now))).toBe('clock-off');
  });
});
