import type { KinesisClient, PutRecordsCommandInput, PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from '@jest/globals';
import { commitAt, simulatedEffects } from '../kernel/testing/index.ts';
import { KinesisPublisher } from './kinesis-publisher.ts';
import { decodeCommit } from './published-commit.ts';

/** A fake of Kinesis. The real one does not refuse entries on demand. */
function kinesisThat(answer: (input: PutRecordsCommandInput, call: number) => PutRecordsResultEntry[]) {
  const calls: PutRecordsCommandInput[] = [];
  let sequence = 0;
  const send = async ({ input }: { input: PutRecordsCommandInput }) => {
    calls.push(input);
    return { Records: answer(input, calls.length) };
  };
  const taken = (): PutRecordsResultEntry => {
    sequence += 1;
    return { ShardId: 'shardId-0', SequenceNumber: String(sequence) };
  };
  return { client: { send } as unknown as KinesisClient, calls, taken };
}

const effects = simulatedEffects();
const attempts = 4;
const refused: PutRecordsResultEntry = { ErrorCode: 'ProvisionedThroughputExceededException' };
const commits = (count: number) =>
  Array.from({ length: count }, (_, index) => commitAt(`ledger/a${index}`, 1));

describe('publishing to Kinesis', () => {
  it('sends each commit with its stream as partition key and returns the last position', async () => {
    const kinesis = kinesisThat(({ Records = [] }) => Records.map(() => kinesis.taken()));
    const batch = commits(3);
    const result = await new KinesisPublisher(kinesis.client, 'events', effects).publish(batch, attempts);
    expect(result.deferred).toEqual([]);
    expect(result.positions).toEqual([
      { category: 'ledger', shardId: 'shardId-0', sequenceNumber: '3', committedAt: batch[2]?.committedAt },
    ]);
    expect(kinesis.calls).toHaveLength(1);
    expect(kinesis.calls[0]?.Records?.map(({ PartitionKey }) => PartitionKey)).toEqual([
      'ledger/a0',
      'ledger/a1',
      'ledger/a2',
    ]);
  });

  it('sends each commit with the trace context that it is given', async () => {
    const kinesis = kinesisThat(({ Records = [] }) => Records.map(() => kinesis.taken()));
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const batch = commits(2).map((commit) => ({ ...commit, traceparent }));
    const contextOf = (commit: unknown) =>
      commit === batch[0] ? traceparent.replace('b7', '01') : undefined;
    await new KinesisPublisher(kinesis.client, 'events', effects).publish(batch, attempts, contextOf);
    const records = kinesis.calls[0]?.Records ?? [];
    const contexts = records.map(({ Data = [] }) => decodeCommit(Buffer.from(Data).toString()).traceparent);
    expect(contexts).toEqual([traceparent.replace('b7', '01'), traceparent]);
  });

  it('resends only refused entries', async () => {
    const kinesis = kinesisThat(({ Records = [] }, call) =>
      Records.map((_, index) => (call === 1 && index === 1 ? refused : kinesis.taken())),
    );
    const result = await new KinesisPublisher(kinesis.client, 'events', effects).publish(
      commits(3),
      attempts,
    );
    expect(result.deferred).toEqual([]);
    expect(kinesis.calls.map(({ Records }) => Records?.map(({ PartitionKey }) => PartitionKey))).toEqual([
      ['ledger/a0', 'ledger/a1', 'ledger/a2'],
      ['ledger/a1'],
    ]);
  });

  it('defers what is throttled in all attempts, in order', async () => {
    const kinesis = kinesisThat(({ Records = [] }) =>
      Records.map(({ PartitionKey }) => (PartitionKey === 'ledger/a1' ? kinesis.taken() : refused)),
    );
    const batch = commits(3);
    const result = await new KinesisPublisher(kinesis.client, 'events', effects).publish(batch, attempts);
    expect(result).toMatchObject({ deferred: [batch[0], batch[2]], refused: [] });
    expect(kinesis.calls).toHaveLength(attempts);
  });

  it('refuses an entry for good whose code is no outage', async () => {
    const kinesis = kinesisThat(({ Records = [] }) =>
      Records.map((_, index) => (index === 1 ? { ErrorCode: 'ValidationException' } : kinesis.taken())),
    );
    const batch = commits(3);
    const result = await new KinesisPublisher(kinesis.client, 'events', effects).publish(batch, attempts);
    expect(result).toMatchObject({
      deferred: [],
      refused: [{ commit: batch[1], code: 'ValidationException' }],
      positions: [{ sequenceNumber: '2' }],
    });
    expect(kinesis.calls).toHaveLength(1);
  });

  it('isolates the entry for which a call is refused as a whole', async () => {
    const kinesis = kinesisThat(({ Records = [] }) => {
      if (Records.some(({ PartitionKey }) => PartitionKey === 'ledger/a2')) {
        throw Object.assign(new Error('Value ... failed'), { name: 'ValidationException' });
      }
      return Records.map(() => kinesis.taken());
    });
    const batch = commits(5);
    const result = await new KinesisPublisher(kinesis.client, 'events', effects).publish(batch, attempts);
    expect(result).toMatchObject({
      deferred: [],
      refused: [{ commit: batch[2], code: 'ValidationException' }],
      positions: [{ sequenceNumber: '4' }],
    });
  });

  it('cuts a batch into calls of at most 500 records and 5 MiB', async () => {
    const many = kinesisThat(({ Records = [] }) => Records.map(() => many.taken()));
    await new KinesisPublisher(many.client, 'events', effects).publish(commits(501), attempts);
    expect(many.calls.map(({ Records }) => Records?.length)).toEqual([500, 1]);
    const large = kinesisThat(({ Records = [] }) => Records.map(() => large.taken()));
    const data = { text: 'x'.repeat(390_000) };
    const big = commits(14).map((commit) => ({
      ...commit,
      events: [{ id: 'e', type: 'Test:Big', schemaVersion: 1, data }],
    }));
    await new KinesisPublisher(large.client, 'events', effects).publish(big, attempts);
    expect(large.calls.map(({ Records }) => Records?.length)).toEqual([13, 1]);
  });
});
