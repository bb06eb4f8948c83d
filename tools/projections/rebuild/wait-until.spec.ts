import { describe, expect, it } from '@jest/globals';
import { fakeClock, fakeSession } from '../fake-rebuilder.fixture.ts';
import { Refused } from '../refused.ts';
import { afterWaiting, waitUntil } from './wait-until.ts';

describe('waiting', () => {
  const refused = () => Promise.reject(new Refused('Too early.'));

  it('tries a refused step again for two minutes, while only the clock of the function is behind', async () => {
    const clock = fakeClock();
    const startedAtMs = clock.nowMs();
    await expect(afterWaiting({ clock }, refused, async () => true)).rejects.toThrow('Too early.');
    expect(clock.nowMs() - startedAtMs).toBeGreaterThanOrEqual(120_000);
  });

  it('does not try again a step that is refused for another reason', async () => {
    const clock = fakeClock();
    const startedAtMs = clock.nowMs();
    await expect(afterWaiting({ clock }, refused, async () => false)).rejects.toThrow('Too early.');
    expect(clock.nowMs()).toBe(startedAtMs);
  });

  it('does not wait for what has passed, and refuses what is no instant', async () => {
    const session = fakeSession();
    const startedAtMs = session.clock.nowMs();
    await waitUntil(session, new Date(startedAtMs - 1).toISOString(), 'Waiting');
    expect({ nowMs: session.clock.nowMs(), said: session.said }).toEqual({ nowMs: startedAtMs, said: [] });
    await expect(waitUntil(session, 'soon', 'Waiting')).rejects.toThrow(
      'Waiting until soon: that cannot be right.',
    );
  });
});
