import type { SendMessageBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { commitAt, simulatedEffects } from '../kernel/testing/index.ts';
import { decodeCommit } from './published-commit.ts';
import { SqsPublisher } from './sqs-publisher.ts';

const effects = simulatedEffects();

type Answer = { Successful?: { Id: string }[]; Failed?: { Id: string; Code: string; Message: string }[] };

/** A fake of SQS. The real one does not refuse messages on demand. */
function sqsThat(answer: (input: SendMessageBatchCommandInput, call: number) => Answer) {
  const calls: SendMessageBatchCommandInput[] = [];
  const send = async ({ input }: { input: SendMessageBatchCommandInput }) => {
    calls.push(input);
    return answer(input, calls.length);
  };
  const publisher = new SqsPublisher({ send } as unknown as SQSClient, 'https://queue', effects);
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
    expect(await publisher.publish(batch)).toEqual({ failed: [], error: undefined });
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
    expect((await publisher.publish([])).failed).toEqual([]);
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
    await publisher.publish([sized('a', large), sized('b', large), sized('c', 'é'.repeat(40_000))]);
    expect(calls.map(streamsOf)).toEqual([['ledger/a'], ['ledger/b', 'ledger/c']]);
    expect(decodeCommit(calls[1]?.Entries?.[1]?.MessageBody ?? '')).toMatchObject({ count: 1, events: [] });
    for (const { Entries = [] } of calls) {
      const bytes = Entries.reduce((sum, { MessageBody = '' }) => sum + Buffer.byteLength(MessageBody), 0);
      expect(bytes).toBeLessThanOrEqual(256 * 1024);
    }
  });

  it('escapes the characters that SQS does not accept', async () => {
    const { publisher, calls } = sqsThat(takesAll);
    const data = { text: 'a\uFFFEb\uFFFFc\u0000d\uD800e🐟' };
    await publisher.publish([
      commitAt('ledger/a', 1, 1, { events: [{ id: 'e', type: 'T', schemaVersion: 1, data }] }),
    ]);
    const body = calls[0]?.Entries?.[0]?.MessageBody ?? '';
    // The characters that SQS accepts.
    expect(body).not.toMatch(/[^\t\n\r -\uFFFD\u{10000}-\u{10FFFF}]/u);
    expect(body.isWellFormed()).toBe(true);
    expect(decodeCommit(body).events[0]?.data).toEqual(data);
  });

  it('resends only refused messages', async () => {
    const { publisher, calls } = sqsThat((input, call) =>
      call === 1
        ? { Successful: [{ Id: '0' }, { Id: '2' }], Failed: [{ Id: '1', Code: 'Busy', Message: 'later' }] }
        : takesAll(input),
    );
    expect((await publisher.publish(commits(3))).failed).toEqual([]);
    expect(calls.map(streamsOf)).toEqual([['ledger/a0', 'ledger/a1', 'ledger/a2'], ['ledger/a1']]);
  });

  it('gives up after 6 attempts and returns the commits that failed, in order, with the reason', async () => {
    const { publisher, calls } = sqsThat(({ Entries = [] }, call) =>
      call === 1
        ? { Successful: [{ Id: '1' }], Failed: [{ Id: '0', Code: 'Busy', Message: 'later' }] }
        : { Failed: Entries.map(({ Id = '' }) => ({ Id, Code: 'Busy', Message: 'later' })) },
    );
    const batch = commits(3);
    expect(await publisher.publish(batch)).toEqual({ failed: [batch[0], batch[2]], error: 'Busy: later' });
    expect(calls).toHaveLength(6);
  });

  it('treats a failed call as if all its messages were refused', async () => {
    let calls = 0;
    const { publisher } = sqsThat((input) => {
      calls += 1;
      if (calls < 3) throw new Error('socket hang up');
      return takesAll(input);
    });
    const { failed, error } = await publisher.publish(commits(2));
    expect(failed).toEqual([]);
    expect(error).toEqual(new Error('socket hang up'));
  });
});
