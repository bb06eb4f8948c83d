import { describe, expect, it } from '@jest/globals';
import { UserError } from '../host/user-error.ts';
import { fakeSession } from './fake-rebuilder.fixture.ts';
import type { Functions } from './functions.ts';
import { PassingFault } from './passing-fault.ts';
import { rebuild } from './rebuild/rebuild.ts';
import { ask } from './rebuilder.ts';
import { RepeatedFunctions } from './repeated-functions.ts';
import { Stopped } from './stopped.ts';

const fault = () => new PassingFault('The function streamfold-x-rebuilder failed: the store is slow');
const part = { action: 'fold', readModel: 'ledger', generation: 'g2', segment: 0 } as const;

/** Functions of which calls fail in turn; undefined: the answer. */
function failing(failures: readonly (Error | undefined)[], answer: object = { done: true }) {
  const asked: object[] = [];
  const waits: number[] = [];
  const warned: string[] = [];
  const failingFunctions: Functions = {
    invoke: async <Answer>(_name: string, request: object) => {
      asked.push(request);
      const failure = failures[asked.length - 1];
      if (failure) throw failure;
      return answer as Answer;
    },
  };
  const functions = new RepeatedFunctions({
    functions: failingFunctions,
    clock: { wait: async (ms) => void waits.push(ms) },
    warn: (line) => warned.push(line),
  });
  return { ...{ functions, asked, waits, warned } };
}

describe('a request to a function that fails for a while', () => {
  it('is repeated after waits, with a line for each', async () => {
    const { functions, asked, waits, warned } = failing([fault(), fault()]);
    expect(await ask<'fold'>(functions, part)).toEqual({ done: true });
    expect(asked).toEqual([part, part, part]);
    expect(waits).toEqual([1_000, 2_000]);
    expect(warned).toEqual([
      'The function streamfold-x-rebuilder failed: the store is slow. Asks again in 1 s, attempt 2 of 6.',
      'The function streamfold-x-rebuilder failed: the store is slow. Asks again in 2 s, attempt 3 of 6.',
    ]);
  });

  it('is given up in the end', async () => {
    const { functions, asked, waits } = failing(Array.from({ length: 9 }, fault));
    await expect(ask<'fold'>(functions, part)).rejects.toThrow('the store is slow');
    expect(asked).toHaveLength(6);
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000]);
  });

  it.each([
    ['a missing function', new UserError('The function streamfold-x-rebuilder does not exist here')],
    ['a signal', new Stopped()],
  ])('is not repeated after %s', async (_name, error) => {
    const { functions, asked, warned } = failing([error]);
    await expect(ask<'fold'>(functions, part)).rejects.toBe(error);
    expect({ asked, warned }).toEqual({ asked: [part], warned: [] });
  });

  it('is not repeated after a refusal', async () => {
    const { functions, asked } = failing([], { refused: 'Too early.' });
    await expect(ask<'fold'>(functions, part)).rejects.toMatchObject({ name: 'Refused' });
    expect(asked).toHaveLength(1);
  });

  it.each(['undo', 'discard', 'drop', 'switch'] as const)(
    'is not repeated if it is %s: it may have been done',
    async (action) => {
      const { functions, asked } = failing([fault()]);
      await expect(ask<typeof action>(functions, { action, readModel: 'ledger' })).rejects.toThrow(
        'the store is slow. It may have been done all the same: look at "status".',
      );
      expect(asked).toHaveLength(1);
    },
  );

  it('makes no rebuild fail, whichever answers are lost', async () => {
    const session = fakeSession();
    const { rebuilder, functions: answering, clock } = session;
    const calls = new Map<string, number>();
    const losing: Functions = {
      invoke: async <Answer>(name: string, request: object) => {
        const answer = await answering.invoke<Answer>(name, request);
        // The first answer to each request, and every second one after it.
        const key = JSON.stringify({ ...request, resume: undefined });
        calls.set(key, (calls.get(key) ?? 0) + 1);
        if ((calls.get(key) ?? 0) % 2 === 1) throw fault();
        return answer;
      },
    };
    const functions = new RepeatedFunctions({ functions: losing, clock, warn: () => undefined });
    const options = { segments: 3, concurrency: 1, switches: true, restored: false };
    expect(await rebuild({ ...session, functions }, 'ledger', options)).toMatchObject({
      generation: 'g2',
      switched: true,
    });
    expect(rebuilder.statusOf('ledger')).toMatchObject({ active: 'g2', previous: 'g1' });
  });
});
