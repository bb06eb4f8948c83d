import { describe, expect, it } from '@jest/globals';
import { FailureReports } from './failure-reports.ts';
import type { ThrownError } from './messages.ts';

const root = '/project';
const stackOf = (line: number) => `Error: no\n    at decide (/project/lambdas/account.ts:${line}:5)`;

function reportsOf() {
  const told: string[] = [];
  const windows: (() => void)[] = [];
  const after = (_: number, run: () => void) => {
    windows.push(run);
    return () => void windows.splice(windows.indexOf(run), 1);
  };
  const reports = new FailureReports({
    root,
    warn: (text) => told.push(text),
    loadAdvice: 'Mend it.',
    after,
  });
  const fail = (error: Partial<ThrownError> = {}, functionName = 'f') =>
    reports.report({
      kind: 'invocation',
      functionName,
      origin: '2 messages of todo',
      requestId: 'r',
      error: { name: 'Error', message: 'no', stack: stackOf(1), ...error },
    });
  const passWindow = () => {
    for (const run of windows.splice(0)) run();
  };
  return { reports, told, fail, passWindow };
}

describe('failures of functions', () => {
  it('are told whole once, and then counted', () => {
    const { told, fail, passWindow } = reportsOf();
    expect([fail(), fail(), fail()]).toEqual([1, 1, 1]);
    expect(told.splice(0)).toEqual([
      'Failure 1: f failed on 2 messages of todo (request r).\n  Error: no\n      at decide (lambdas/account.ts:1:5)',
    ]);
    passWindow();
    expect(told.splice(0)).toEqual(['Failure 1 again, 2 times: f, Error: no']);
    fail();
    passWindow();
    expect(told.splice(0)).toEqual(['Failure 1 again, once: f, Error: no']);
  });

  it('are told whole again after a window without them', () => {
    const { told, fail, passWindow } = reportsOf();
    fail();
    passWindow();
    expect(fail()).toBe(2);
    expect(told).toHaveLength(2);
  });

  it('are the same when only numbers and ids in their messages differ', () => {
    const { told, fail } = reportsOf();
    fail({ message: 'Account 0a6ba0f0-9b1c-4c52-9a0e-8d3f6f3f0f11 has 12' });
    fail({ message: 'Account 7be0e2bd-62a5-4d1c-8a2b-0f8c0f2d9a55 has 9' });
    expect(told).toHaveLength(1);
    fail({ stack: stackOf(2) });
    fail({ message: 'Account is closed' });
    fail({ cause: { name: 'Error', message: 'deep', stack: '' } });
    fail({}, 'g');
    expect(told).toHaveLength(5);
  });

  it('of many kinds are bounded: what comes after twenty in a window is counted together', () => {
    const { told, fail, passWindow } = reportsOf();
    const numbers = Array.from({ length: 50 }, (_, kind) => fail({ stack: stackOf(kind) }));
    // No number for an error that is not in the output.
    expect(numbers.slice(19, 23)).toEqual([20, 21, undefined, undefined]);
    expect(told.splice(0)).toHaveLength(21);
    passWindow();
    expect(told).toEqual(['Failure 21 again, 29 times: f, and other errors']);
  });

  it('are told whole again after a change of the code, and those of the old code are forgotten', () => {
    const { told, fail, reports } = reportsOf();
    fail();
    fail();
    fail({}, 'g');
    reports.forget('f');
    expect(fail()).toBe(3);
    expect(fail({}, 'g')).toBe(2);
    expect(told.map((text) => text.split('\n')[0])).toEqual([
      'Failure 1: f failed on 2 messages of todo (request r).',
      'Failure 2: g failed on 2 messages of todo (request r).',
      'Failure 3: f failed on 2 messages of todo (request r).',
    ]);
    reports.stop();
    expect(told.at(-1)).toBe('Failure 2 again, once: g, Error: no');
  });
});
