import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../aws-error.ts';
import { AsynchronousInvocations } from './asynchronous.ts';
import type { InvocationResult, LocalFunction } from './function.ts';

type Answer = 'done' | 'fails' | 'throttled';

/** Invocations of a function that gives these answers in turn, and the last one again and again. Time passes at once. */
function invocationsOf(...answers: Answer[]) {
  const warned: string[] = [];
  const calls: { atMs: number; requestId: string | undefined }[] = [];
  const timers: { atMs: number; run: () => void }[] = [];
  let nowMs = 0;
  const asynchronous = new AsynchronousInvocations({
    warn: (line) => warned.push(line),
    now: () => nowMs,
    after: (ms, run) => {
      const timer = { atMs: nowMs + ms, run };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
  });
  const target = {
    configuration: { name: 'f' },
    invoke: async (_: string, { requestId = '' } = {}): Promise<InvocationResult> => {
      const answer = answers[Math.min(calls.push({ atMs: nowMs, requestId }), answers.length) - 1];
      if (answer === 'throttled') throw new AwsError('TooManyRequestsException', 429, 'no');
      if (answer === 'done') return { requestId, payload: 'null' };
      return { requestId, payload: '{}', functionError: 'Unhandled', failureNumber: 7 };
    },
  } as unknown as LocalFunction;
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  /** Lets all timers run, one after the other, until there are none. */
  const pass = async () => {
    await settle();
    for (let timer = timers.shift(); timer !== undefined; timer = timers.shift()) {
      nowMs = timer.atMs;
      timer.run();
      await settle();
    }
  };
  const accept = () => asynchronous.accept(target, '{}', 'an asynchronous invocation');
  return { asynchronous, target, warned, calls, timers, settle, pass, accept };
}

const minuteMs = 60_000;

describe('an asynchronous invocation', () => {
  it('that succeeds is not repeated', async () => {
    const { accept, pass, calls, warned } = invocationsOf('done');
    accept();
    await pass();
    expect([calls.length, warned]).toEqual([1, []]);
  });

  it('that fails is tried again after one and two minutes, with its request id, and then given up', async () => {
    const { accept, pass, calls, warned } = invocationsOf('fails');
    const requestId = accept();
    await pass();
    expect(calls).toEqual([0, minuteMs, 3 * minuteMs].map((atMs) => ({ atMs, requestId })));
    expect(warned).toEqual([
      `Gave up an asynchronous invocation of f (request ${requestId}): 3 attempts failed. The last one is failure 7.`,
    ]);
  });

  it('that fails once succeeds at its next attempt', async () => {
    const { accept, pass, calls, warned } = invocationsOf('fails', 'done');
    accept();
    await pass();
    expect([calls.length, warned]).toEqual([2, []]);
  });

  it('that is throttled is tried again for six hours, after 1 s to 5 minutes, and that counts as no attempt', async () => {
    const { accept, pass, calls, warned } = invocationsOf('throttled');
    const requestId = accept();
    await pass();
    const waitsMs = calls.slice(1).map(({ atMs }, index) => atMs - (calls[index]?.atMs ?? 0));
    expect(waitsMs.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(Math.max(...waitsMs)).toBe(5 * minuteMs);
    expect(calls.at(-1)?.atMs).toBeGreaterThan(5.9 * 60 * minuteMs);
    expect(warned).toEqual([
      `Gave up an asynchronous invocation of f (request ${requestId}): it would be older than 21600 s at its next attempt.`,
    ]);

    const other = invocationsOf('throttled', 'throttled', 'fails', 'fails', 'fails');
    other.accept();
    await other.pass();
    expect(other.calls).toHaveLength(5);
  });

  it.each([
    [{ maximumRetryAttempts: 0, maximumEventAgeMs: 21_600_000 }, 1, '1 attempts failed'],
    [{ maximumRetryAttempts: 1, maximumEventAgeMs: 21_600_000 }, 2, '2 attempts failed'],
    [{ maximumRetryAttempts: 2, maximumEventAgeMs: minuteMs }, 2, 'it would be older than 60 s'],
  ])('follows the settings of its function: %j', async (settings, attempts, reason) => {
    const { asynchronous, accept, pass, calls, warned } = invocationsOf('fails');
    asynchronous.configure('f', settings);
    accept();
    await pass();
    expect(calls).toHaveLength(attempts);
    expect(warned).toEqual([expect.stringContaining(reason)]);
  });

  it('is refused when a thousand wait, when it is too large, and when it is no JSON', async () => {
    const { asynchronous, target, accept, settle, timers } = invocationsOf('fails');
    for (let count = 0; count < 1_000; count++) accept();
    await settle();
    expect(timers).toHaveLength(1_000);
    expect(accept).toThrow(expect.objectContaining({ code: 'TooManyRequestsException', statusCode: 429 }));
    const attempt = (payload: string) => () => asynchronous.accept(target, payload, 'it');
    expect(attempt(`"${'x'.repeat(1024 * 1024)}"`)).toThrow(expect.objectContaining({ statusCode: 413 }));
    expect(attempt('{')).toThrow(expect.objectContaining({ statusCode: 400 }));
  });

  it('is refused when those that wait have 64 MB', async () => {
    const { asynchronous, target } = invocationsOf('fails');
    const accept = () => asynchronous.accept(target, `"${'x'.repeat(1024 * 1024 - 2)}"`, 'it');
    for (let count = 0; count < 64; count++) accept();
    expect(accept).toThrow(expect.objectContaining({ statusCode: 429 }));
  });

  it('is refused after the stop, when nothing would name it', async () => {
    const { asynchronous, accept, calls } = invocationsOf('done');
    asynchronous.stop();
    expect(accept).toThrow(expect.objectContaining({ code: 'ServiceUnavailableException', statusCode: 503 }));
    expect(calls).toEqual([]);
  });

  it('is named at the stop of the host, and not tried again', async () => {
    const { asynchronous, accept, pass, settle, timers, calls, warned } = invocationsOf('fails');
    const ids = Array.from({ length: 7 }, accept);
    await settle();
    asynchronous.stop();
    expect(timers).toEqual([]);
    await pass();
    expect(calls).toHaveLength(7);
    const named = ids.slice(0, 5).map((id) => `f (request ${id})`);
    expect(warned).toEqual([`Not done, and not tried again after the stop: ${named.join(', ')}, 2 more.`]);
  });
});
