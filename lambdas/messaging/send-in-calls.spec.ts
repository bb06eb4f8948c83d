import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { commitAt, simulatedEffects } from '../kernel/testing/index.ts';
import { type Message, sendInCalls } from './send-in-calls.ts';

const messages = Array.from({ length: 6 }, (_, index): Message => {
  return { commit: commitAt(`ledger/a${index}`, 1), bytes: 1 };
});
const streamOf = ({ commit }: Message) => commit.stream;

describe('sending messages in calls', () => {
  it.each([
    [1, 1],
    [Number.POSITIVE_INFINITY, 3],
  ])('returns failures in order, with at most %d concurrent calls', async (maxConcurrentCalls, most) => {
    let [running, mostRunning, turns] = [0, 0, 4];
    const { failed, error } = await sendInCalls(messages, {
      limits: { maxParts: 2 },
      maxConcurrentCalls,
      effects: simulatedEffects(),
      send: async (call) => {
        running += 1;
        mostRunning = Math.max(mostRunning, running);
        // Later calls end first.
        turns -= 1;
        for (let turn = turns; turn > 0; turn -= 1) await setImmediate();
        running -= 1;
        return {
          refused: call.filter((message) => streamOf(message) !== 'ledger/a1'),
          error: call.map(streamOf),
        };
      },
    });
    expect(failed.map(({ stream }) => stream)).toEqual([0, 2, 3, 4, 5].map((index) => `ledger/a${index}`));
    expect(error).toEqual(['ledger/a5']);
    expect(mostRunning).toBe(most);
  });
});
