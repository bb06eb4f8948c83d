import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { AwsClient } from '../aws-json.ts';
import { holdMessages } from './held-messages.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function held(answer: () => Promise<unknown>) {
  const calls: unknown[][] = [];
  const warnings: string[] = [];
  const call = (...args: unknown[]) => {
    calls.push(args);
    return answer();
  };
  const messages = holdMessages({ call } as AwsClient, 'queue', ['a', 'b'], (line) => warnings.push(line));
  return { calls, warnings, messages };
}

describe('messages of an inspected function', () => {
  it('stay invisible until its invocation ends', async () => {
    const { calls, messages } = held(async () => ({}));
    await jest.advanceTimersByTimeAsync(9_000);
    expect(calls).toEqual([]);
    await jest.advanceTimersByTimeAsync(3_600_000);
    expect(calls.length).toBeGreaterThanOrEqual(360);
    expect(calls[0]).toEqual([
      'ChangeMessageVisibilityBatch',
      {
        QueueUrl: 'queue',
        Entries: [
          { Id: '0', ReceiptHandle: 'a', VisibilityTimeout: 60 },
          { Id: '1', ReceiptHandle: 'b', VisibilityTimeout: 60 },
        ],
      },
    ]);
    messages.stop();
    const count = calls.length;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(calls).toHaveLength(count);
  });

  it('that cannot be kept are told, and tried again', async () => {
    const { calls, warnings, messages } = held(() => Promise.reject(new Error('gone')));
    await jest.advanceTimersByTimeAsync(20_000);
    expect(warnings[0]).toMatch(/may be delivered again .* gone$/);
    expect(calls).toHaveLength(2);
    messages.stop();
  });
});
