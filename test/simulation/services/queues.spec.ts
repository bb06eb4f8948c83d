import { describe, expect, it } from '@jest/globals';
import { Random } from '../world/random.ts';
import { toRecord } from './queue.ts';
import { failuresUrl, queueUrl, SimulatedQueues } from './queues.ts';

const call = { nowMs: 1_000, staleMs: () => 0 };
const entries = (...bodies: readonly string[]) =>
  bodies.map((MessageBody, index) => ({ Id: `entry-${index}`, MessageBody }));

function queuesOf() {
  const queues = new SimulatedQueues([
    { name: 'segments', maxReceives: 3 },
    { name: 'todo', maxReceives: 2 },
    { name: 'analysis', maxReceives: 2, failures: 'segments' },
  ]);
  const random = new Random(1, 'spec');
  const queue = queues.queue('todo');
  return {
    queues,
    queue,
    receive: (nowMs: number, max = 10) => queue.receive({ max, nowMs, hiddenMs: 500, random }),
    depth: (url: string, nowMs: number) =>
      queues.execute('GetQueueAttributes', { QueueUrl: url }, { ...call, nowMs }),
    batch: (Entries: object, leavesOut?: ReadonlySet<number>) =>
      queues.execute('SendMessageBatch', { QueueUrl: queueUrl('todo'), Entries }, { ...call, leavesOut }),
  };
}

describe('the simulated SQS', () => {
  it('takes messages, one or several, into the queue of the URL', () => {
    const { queues, queue, receive, batch } = queuesOf();
    queues.execute('SendMessage', { QueueUrl: queueUrl('todo'), MessageBody: 'a' }, call);
    expect(batch(entries('b', 'c'))).toMatchObject({
      Successful: [{ Id: 'entry-0' }, { Id: 'entry-1' }],
      Failed: [],
    });
    expect(queues.queue('segments').size).toBe(0);
    const received = receive(1_000);
    expect(received.map(({ body }) => body).toSorted()).toEqual(['a', 'b', 'c']);
    expect(new Set(received.map(({ id }) => id)).size).toBe(3);
    expect(toRecord(received[0] ?? raise(), queue)).toMatchObject({
      messageId: received[0]?.id,
      body: received[0]?.body,
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1000' },
    });
  });

  it('delivers messages in any order', () => {
    const { receive, batch } = queuesOf();
    const sent = [...'abcdefghij'];
    batch(entries(...sent));
    const received = receive(1_000).map(({ body }) => body);
    expect(received).not.toEqual(sent);
    expect(received.toSorted()).toEqual(sent);
  });

  it('leaves messages out of a batch, by a fault of its own', () => {
    const { queue, batch } = queuesOf();
    expect(batch(entries('a', 'b', 'c'), new Set([1]))).toMatchObject({
      Successful: [{ Id: 'entry-0' }, { Id: 'entry-2' }],
      Failed: [{ Id: 'entry-1', Code: 'InternalError', SenderFault: false }],
    });
    expect(queue.size).toBe(2);
  });

  it('hides what was received, and delivers it again until it is deleted', () => {
    const { queue, receive, depth, batch } = queuesOf();
    batch(entries('a', 'b'));
    const [first] = receive(1_000, 1);
    expect(depth(queueUrl('todo'), 1_000)).toMatchObject({
      Attributes: { ApproximateNumberOfMessages: '1', ApproximateNumberOfMessagesNotVisible: '1' },
    });
    const [second] = receive(1_499);
    expect(second?.body).not.toBe(first?.body);
    expect(queue.nextVisibleMs).toBe(1_500);
    expect(receive(1_500)).toEqual([first]);
    queue.delete(first ?? raise());
    queue.delete(second ?? raise());
    expect(queue.nextVisibleMs).toBeUndefined();
  });

  it('moves what was received too often to the failure queue, and back if a person wants it', () => {
    const { queue, receive, depth, batch } = queuesOf();
    batch(entries('a'));
    expect([receive(1_000).length, receive(2_000).length, receive(3_000).length]).toEqual([1, 1, 0]);
    expect(queue.deadLetters).toMatchObject([{ body: 'a', receives: 2 }]);
    expect(depth(failuresUrl('todo'), 3_000)).toMatchObject({
      Attributes: { ApproximateNumberOfMessages: '1' },
    });
    queue.moveBack(4_000);
    expect(queue.deadLetters).toEqual([]);
    expect(receive(4_000)).toMatchObject([{ body: 'a', receives: 1, sentMs: 4_000 }]);
  });

  it('moves what was received too often to a failure queue that is consumed, which counts on', () => {
    const { queues, receive, depth } = queuesOf();
    const from = (name: string, nowMs: number) =>
      queues.queue(name).receive({ max: 10, nowMs, hiddenMs: 500, random: new Random(1, 'spec') });
    queues.execute('SendMessage', { QueueUrl: queueUrl('analysis'), MessageBody: 'a' }, call);
    expect([1_000, 2_000, 3_000].map((nowMs) => from('analysis', nowMs).length)).toEqual([1, 1, 0]);
    expect(depth(queueUrl('segments'), 3_000)).toMatchObject({
      Attributes: { ApproximateNumberOfMessages: '1' },
    });
    expect(from('segments', 3_000)).toMatchObject([{ body: 'a', receives: 3 }]);
    expect(from('segments', 4_000)).toEqual([]);
    expect(queues.queue('segments').deadLetters).toMatchObject([{ body: 'a', receives: 3 }]);
    expect(receive(4_000)).toEqual([]);
  });

  it('delivers a message after its delay, with its attributes', () => {
    const { queues, queue, receive } = queuesOf();
    const input = {
      QueueUrl: queueUrl('todo'),
      MessageBody: 'a',
      DelaySeconds: 30,
      MessageAttributes: { attempt: { DataType: 'Number', StringValue: '2' } },
    };
    queues.execute('SendMessage', input, call);
    expect(receive(30_999)).toEqual([]);
    const [message = raise()] = receive(31_000);
    expect(toRecord(message, queue).messageAttributes).toMatchObject({ attempt: { stringValue: '2' } });
  });

  it('refuses what SQS refuses', () => {
    const { queues, queue, batch } = queuesOf();
    expect(() => batch(entries(...Array(11).fill('a')))).toThrow('More than 10 entries.');
    expect(() => batch(entries('a'.repeat(200_000), 'b'.repeat(100_000)))).toThrow('More than 256 KiB.');
    const unknown = { QueueUrl: queueUrl('others'), MessageBody: 'a' };
    expect(() => queues.execute('SendMessage', unknown, call)).toThrow('No queue');
    expect(() => queues.execute('ReceiveMessage', {}, call)).toThrow('has no ReceiveMessage');
    expect(() => queues.queue('others')).toThrow('There is no queue others.');
    expect(queue.size).toBe(0);
  });
});

function raise(): never {
  throw new Error('There is a message.');
}
