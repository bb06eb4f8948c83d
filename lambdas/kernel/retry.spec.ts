import { describe, expect, it } from '@jest/globals';
import { backoff, type RetryPolicy } from './retry.ts';
import { sendWithRetry } from './send-with-retry.ts';
import { simulatedEffects } from './testing/simulated-effects.ts';

const retry: RetryPolicy = { maxAttempts: 4, firstWaitMs: 20, longestWaitMs: 50 };

describe('the wait between attempts', () => {
  it('is random below a bound that doubles up to the longest', async () => {
    const { delays, delay } = simulatedEffects();
    for (const random of [0, 0.5, 0.999]) {
      for (const attempts of [1, 2, 3, 9]) await backoff(attempts, retry, { delay, random: () => random });
    }
    expect(delays).toEqual([0, 0, 0, 0, 10, 20, 25, 25, 19.98, 39.96, 49.95, 49.95]);
  });
});

describe('sending with retries', () => {
  const sending = (accepted: (part: string, attempt: number) => boolean) => {
    const sent: string[] = [];
    const send = async (parts: readonly string[]) => {
      sent.push(parts.join(''));
      const refused = parts.filter((part) => !accepted(part, sent.length));
      return refused.length > 0 ? { refused, error: `attempt ${sent.length}` } : { refused };
    };
    return { sent, send, effects: simulatedEffects() };
  };

  it('sends only refused parts again, and waits only before another attempt', async () => {
    const { sent, send, effects } = sending((part, attempt) => part !== 'b' || attempt === 3);
    const result = await sendWithRetry(['a', 'b', 'c'], send, retry, effects);
    expect(result).toEqual({ refused: [], error: 'attempt 2' });
    expect(sent).toEqual(['abc', 'b', 'b']);
    expect(effects.delays).toHaveLength(2);
  });

  it('returns what is refused in every attempt, in its order, with the last reason', async () => {
    const { sent, send, effects } = sending((part) => part === 'b');
    const result = await sendWithRetry(['a', 'b', 'c'], send, retry, effects);
    expect(result).toEqual({ refused: ['a', 'c'], error: 'attempt 4' });
    expect(sent).toEqual(['abc', 'ac', 'ac', 'ac']);
    expect(effects.delays).toHaveLength(3);
  });

  it('sends nothing without parts', async () => {
    const { sent, send, effects } = sending(() => true);
    expect((await sendWithRetry([], send, retry, effects)).refused).toEqual([]);
    expect(sent).toEqual([]);
  });
});
