import type { SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import type { Commit } from '../kernel/index.ts';
import { commitAt, simulatedEffects } from '../kernel/testing/index.ts';
import { decodeCommit } from './published-commit.ts';
import { SqsPublisher } from './sqs-publisher.ts';

const effects = simulatedEffects();
const attempts = 4;

type Answer = {
  Successful?: { Id: string }[];
  Failed?: { Id: string; Code: string; SenderFault: boolean }[];
};

/** A fake of SQS. The real one does not refuse messages on demand. */
function sqsThat(
  answer: (input: SendMessageBatchCommandInput, call: number) => Answer,
  bodyOf?: (commit: Commit) => string,
) {
  const calls: SendMessageBatchCommandInput[] = [];
  const send = async ({ input }: { input: SendMessageBatchCommandInput }) => {
    calls.push(input);
    return answer(input, calls.length);
  };
  const publisher = new SqsPublisher({ send } as unknown as SQSClient, 'https://queue', effects, bodyOf);
  return { publisher, calls };
}

const takesAll = ({ Entries = [] }: SendMessageBatchCommandInput): Answer => ({
  Successful: Entries.map(({ Id = '' }) => ({ Id })),
});
const streamsOf = ({ Entries = [] }: SendMessageBatchCommandInput) =>
  Entries.map(({ MessageBody = '' }) => decodeCommit(MessageBody).stream);
const commits = (count: number) =>
  Array.from({ length: count }, (_, index) => commitAt(`ledger/a${index}`, 1));

describe('publishing to SQS', () => {
  it('sends each commit as a message, ten in a call', async () => {
    const { publisher, calls } = sqsThat(takesAll);
    const batch = commits(23);
    expect(await publisher.publish(batch, attempts)).toEqual({
      deferred: [],
      refused: [],
      error: undefined,
      answered: true,
      positions: [],
    });
    expect(calls.map(({ QueueUrl, Entries }) => [QueueUrl, Entries?.length])).toEqual([
      ['https://queue', 10],
      ['https://queue', 10],
      ['https://queue', 3],
    ]);
    expect(calls.flatMap(streamsOf)).toEqual(batch.map(({ stream }) => stream));
    expect(decodeCommit(calls[0]?.Entries?.[0]?.MessageBody ?? '').events).toEqual(batch[0]?.events);
  });

  it('makes no call without commits', async () => {
    const { publisher, calls } = sqsThat(takesAll);
    expect((await publisher.publish([], attempts)).deferred).toEqual([]);
    expect(calls).toEqual([]);
  });

  it('keeps a call below 256 KiB, and sends a commit above 200 KB without its events', async () => {
    const sized = (stream: string, text: string) =>
      commitAt(`ledger/${stream}`, 1, 1, {
        events: [{ id: 'e', type: 'T', schemaVersion: 1, data: { text } }],
      });
    const { publisher, calls } = sqsThat(takesAll);
    const large = 'x'.repeat(150_000);
    // 80 KB of UTF-8 become 240 KB of ASCII.
    await publisher.publish([sized('a', large), sized('b', large), sized('c', 'é'.repeat(40_000))], attempts);
    expect(calls.map(streamsOf)).toEqual([['ledger/a'], ['ledger/b', 'ledger/c']]);
    expect(decodeCommit(calls[1]?.Entries?.[1]?.MessageBody ?? '')).toMatchObject({ count: 1, events: [] });
    for (const { Entries = [] } of calls) {
      const bytes = Entries.reduce((sum, { MessageBody = '' }) => sum + Buffer.byteLength(MessageBody), 0);
      expect(bytes).toBeLessThanOrEqual(256 * 1024);
    }
  });

  it('sends the trace context in the published form, or beside another body', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const batch = [{ ...commitAt('ledger/a', 1), traceparent }, commitAt('ledger/b', 1)];
    const published = sqsThat(takesAll);
    await published.publisher.publish(batch, attempts);
    const [first] = published.calls[0]?.Entries ?? [];
    expect(first).not.toHaveProperty('MessageAttributes');
    expect(decodeCommit(first?.MessageBody ?? '').traceparent).toBe(traceparent);
    const named = sqsThat(takesAll, ({ stream }) => stream);
    const odd = { ...commitAt('ledger/c', 1), traceparent: '' };
    const sender = traceparent.replace('b7', '01');
    await named.publisher.publish([...batch, odd], attempts, (commit) => commit.traceparent && sender);
    expect(named.calls[0]?.Entries).toEqual([
      {
        Id: '0',
        MessageBody: 'ledger/a',
        MessageAttributes: { traceparent: { DataType: 'String', StringValue: sender } },
      },
      { Id: '1', MessageBody: 'ledger/b' },
      { Id: '2', MessageBody: 'ledger/c' },
    ]);
  });

  it('escapes the characters that SQS does not accept', async () => {
    const { publisher, calls } = sqsThat(takesAll);
    const data = { text: 'a\uFFFEb\uFFFFc\u0000d\uD800e🐟' };
    const events = [{ id: 'e', type: 'T', schemaVersion: 1, data }];
    await publisher.publish([commitAt('ledger/a', 1, 1, { events })], attempts);
    const body = calls[0]?.Entries?.[0]?.MessageBody ?? '';
    // The characters that SQS accepts.
    expect(body).not.toMatch(/[^\t\n\r -\uFFFD\u{10000}-\u{10FFFF}]/u);
    expect(body.isWellFormed()).toBe(true);
    expect(decodeCommit(body).events[0]?.data).toEqual(data);
  });

  const busy = (Id: string) => ({ Id, Code: 'ServiceUnavailable', SenderFault: false });

  it('resends only messages whose fault passes', async () => {
    const { publisher, calls } = sqsThat((input, call) =>
      call === 1
        ? {
            Successful: [{ Id: '0' }],
            Failed: [busy('1'), { Id: '2', Code: 'InvalidMessageContents', SenderFault: true }],
          }
        : takesAll(input),
    );
    const batch = commits(3);
    expect(await publisher.publish(batch, attempts)).toMatchObject({
      deferred: [],
      refused: [{ commit: batch[2], code: 'InvalidMessageContents' }],
    });
    expect(calls.map(streamsOf)).toEqual([['ledger/a0', 'ledger/a1', 'ledger/a2'], ['ledger/a1']]);
  });

  it('defers what is not accepted in all attempts, in order, with the reason', async () => {
    const { publisher, calls } = sqsThat(({ Entries = [] }, call) =>
      call === 1
        ? { Successful: [{ Id: '1' }], Failed: [busy('0')] }
        : { Failed: Entries.map(({ Id = '' }) => busy(Id)) },
    );
    const batch = commits(3);
    const { deferred, error } = await publisher.publish(batch, attempts);
    // The answer to the first call says nothing about the last message.
    expect(deferred).toEqual([batch[0], batch[2]]);
    expect(error).toMatchObject({ code: 'ServiceUnavailable' });
    expect(calls).toHaveLength(attempts);
  });

  it('isolates the message for which a call is refused as a whole', async () => {
    const { publisher } = sqsThat((input) => {
      if (streamsOf(input).includes('ledger/a3')) throw Object.assign(new Error('x'), { name: 'Refused' });
      return takesAll(input);
    });
    const batch = commits(9);
    expect(await publisher.publish(batch, attempts)).toMatchObject({
      deferred: [],
      refused: [{ commit: batch[3], code: 'Refused' }],
    });
  });
});
