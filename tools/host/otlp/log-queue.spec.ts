import { describe, expect, it } from '@jest/globals';
import { LogQueue } from './log-queue.ts';

function recordOf(number: number, sizeBytes = 1) {
  const body = { stringValue: String(number) };
  return {
    source: 'f',
    sizeBytes,
    record: { timeUnixNano: '0', observedTimeUnixNano: '0', body, attributes: [] },
  };
}
const numbers = (records: readonly { record: { body: { stringValue?: string } } }[]) =>
  records.map(({ record }) => Number(record.body.stringValue));

function queueOf(count: number, queue = new LogQueue()): LogQueue {
  for (let number = 1; number <= count; number += 1) queue.add(recordOf(number));
  return queue;
}

describe('the queue of log records', () => {
  it('drops the oldest records when there are too many, and counts them once', () => {
    const queue = queueOf(2_050);
    expect([queue.length, queue.takeDroppedCount(), queue.takeDroppedCount()]).toEqual([2_048, 2, 0]);
    expect(numbers(queue.take()).slice(0, 2)).toEqual([3, 4]);
  });

  it('drops the oldest records when they are too large together', () => {
    const queue = new LogQueue({ records: 10, bytes: 10 });
    for (const number of [1, 2, 3]) queue.add(recordOf(number, 4));
    expect(numbers(queue.take())).toEqual([2, 3]);
    queue.add(recordOf(4, 11));
    expect([queue.length, queue.takeDroppedCount()]).toEqual([0, 2]);
    queue.add(recordOf(5, 10));
    expect(numbers(queue.take())).toEqual([5]);
  });

  it('gives 512 records at a time, in their order', () => {
    const queue = queueOf(513);
    expect(queue.hasBatch).toBe(true);
    expect(numbers(queue.take())).toEqual(Array.from({ length: 512 }, (_, index) => index + 1));
    expect(queue.hasBatch).toBe(false);
    expect(numbers(queue.take())).toEqual([513]);
  });

  it('takes records back to where they were, without more than it may have', () => {
    const queue = queueOf(2_048);
    const taken = queue.take();
    queue.add(recordOf(2_049));
    queue.giveBack(taken);
    expect([queue.length, queue.takeDroppedCount()]).toEqual([2_048, 1]);
    expect(numbers(queue.take()).slice(0, 2)).toEqual([2, 3]);
  });
});
