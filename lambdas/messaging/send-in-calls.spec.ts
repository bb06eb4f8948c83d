import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { commitAt, simulatedEffects } from '../kernel/testing/index.ts';
import { type CallResult, type Message, notAccepted, sendInCalls } from './send-in-calls.ts';

const messages = Array.from({ length: 6 }, (_, index): Message => {
  return { commit: commitAt(`ledger/a${index}`, 1), bytes: 1 };
});
const streamOf = ({ commit }: Pick<Message, 'commit'>) => commit.stream;
const named = (name: string) => Object.assign(new Error('It quotes the commit.'), { name });
const accepted = { deferred: [], refused: [] };

/** Sends all messages with `send` and returns the streams that were not accepted, and those of each call. */
async function sending(
  send: (call: readonly Message[]) => CallResult<Message>,
  { maxAttempts = 4, effects = simulatedEffects() } = {},
) {
  const calls: string[][] = [];
  const result = await sendInCalls(messages, {
    limits: { maxParts: 4 },
    maxConcurrentCalls: 1,
    maxAttempts,
    effects,
    send: async (call) => {
      calls.push(call.map(streamOf).map((stream) => stream.slice('ledger/'.length)));
      return send(call);
    },
  });
  return {
    calls,
    error: result.error,
    answered: result.answered,
    deferred: result.deferred.map(({ stream }) => stream),
    refused: result.refused.map(({ commit, code }) => [commit.stream, code]),
    delays: effects.delays,
  };
}

/** Answers every call by throwing. */
const throwing = (name: string) => () => {
  throw named(name);
};

describe('sending messages in calls', () => {
  it.each([
    [1, 1],
    [Number.POSITIVE_INFINITY, 3],
  ])(
    'returns what is deferred in order, with at most %d concurrent calls',
    async (maxConcurrentCalls, most) => {
      let [running, mostRunning, turns] = [0, 0, 4];
      const { deferred, error } = await sendInCalls(messages, {
        limits: { maxParts: 2 },
        maxConcurrentCalls,
        maxAttempts: 6,
        effects: simulatedEffects(),
        send: async (call) => {
          running += 1;
          mostRunning = Math.max(mostRunning, running);
          // Later calls end first.
          turns -= 1;
          for (let turn = turns; turn > 0; turn -= 1) await setImmediate();
          running -= 1;
          const last = call.map(streamOf).at(-1);
          return {
            deferred: call.filter((message) => streamOf(message) !== 'ledger/a1'),
            refused: [],
            error: Object.assign(new Error(last), { code: 'SlowDown' }),
          };
        },
      });
      expect(deferred.map(({ stream }) => stream)).toEqual(
        [0, 2, 3, 4, 5].map((index) => `ledger/a${index}`),
      );
      expect(error).toMatchObject({ message: 'ledger/a5' });
      expect(mostRunning).toBe(most);
    },
  );

  it('halves a call that is refused as a whole, until the message that causes it is alone', async () => {
    const { calls, ...result } = await sending((call) => {
      if (call.some((message) => streamOf(message) === 'ledger/a2')) throw named('InvalidMessageContents');
      return accepted;
    });
    expect(result).toMatchObject({
      deferred: [],
      refused: [['ledger/a2', 'InvalidMessageContents']],
      delays: [],
    });
    expect(calls).toEqual([
      ['a0', 'a1', 'a2', 'a3'],
      ['a0', 'a1'],
      ['a2', 'a3'],
      ['a2'],
      ['a3'],
      ['a4', 'a5'],
    ]);
  });

  it('refuses every message of a destination that refuses them all, without a retry', async () => {
    const { calls, deferred, refused } = await sending(throwing('ValidationException'));
    expect(refused).toHaveLength(messages.length);
    expect(deferred).toEqual([]);
    expect(calls).toHaveLength(2 * messages.length - 2);
  });

  it('retries an outage that may pass within moments, and defers what is left', async () => {
    const { calls, deferred, error, delays, answered } = await sending(throwing('ThrottlingException'));
    expect(answered).toBe(false);
    expect(deferred).toHaveLength(messages.length);
    expect(error).toMatchObject({ name: 'ThrottlingException' });
    expect([calls.length, delays.length]).toEqual([2 * 4, 3]);
  });

  it('tells whether the destination answered a call, even if it accepted nothing', async () => {
    const { answered, deferred } = await sending((call) => ({
      deferred: call,
      refused: [],
      error: named('ThrottlingException'),
    }));
    expect([answered, deferred.length]).toEqual([true, messages.length]);
  });

  it('retries nothing if the caller allows one attempt', async () => {
    const { calls, deferred } = await sending(throwing('ThrottlingException'), { maxAttempts: 1 });
    expect([calls.length, deferred.length]).toEqual([2, messages.length]);
  });

  it.each(['ResourceNotFoundException', 'QueueDoesNotExist', 'AccessDeniedException'])(
    'defers at once for %s: moments do not help',
    async (name) => {
      const { calls, deferred, refused } = await sending(throwing(name));
      expect([calls.length, deferred.length, refused.length]).toEqual([2, messages.length, 0]);
    },
  );

  it('begins no call when the time for the destination is used up', async () => {
    const effects = simulatedEffects();
    const slowly = () => {
      effects.clock.now = new Date(Date.parse(effects.clock.now) + 7_000).toISOString();
      throw named('TimeoutError');
    };
    const { calls, deferred, error } = await sending(slowly, { effects });
    expect(calls).toEqual([['a0', 'a1', 'a2', 'a3']]);
    expect(deferred).toHaveLength(messages.length);
    expect(error).toMatchObject({ name: 'TimeoutError' });
  });
});

describe('an entry that was not accepted', () => {
  const [message] = messages as [Message];
  it.each([
    ['ProvisionedThroughputExceededException', undefined],
    ['InternalFailure', undefined],
    ['KmsDisabled', true],
    ['Unknown', false],
    [undefined, true],
  ])('is deferred for %s (our fault: %s)', (code, isOurFault) => {
    expect(notAccepted(message, code, isOurFault)).toMatchObject({ deferred: [message], refused: [] });
  });

  it.each([
    ['InvalidMessageContents', true],
    ['Unknown', undefined],
  ])('is refused for good for %s (our fault: %s)', (code, isOurFault) => {
    const refused = [{ commit: message.commit, code }];
    expect(notAccepted(message, code, isOurFault)).toEqual({ deferred: [], refused });
  });
});
