import { describe, expect, it } from '@jest/globals';
import { SimulatedKinesis } from './kinesis.ts';

const nowMs = Date.parse('2026-03-01T08:00:00.500Z');
const call = { nowMs, staleMs: () => 0 };
const textOf = (data: string) => Buffer.from(data, 'base64').toString();

function kinesisOf(shards = 4) {
  const kinesis = new SimulatedKinesis({ streamName: 'events', shards });
  const put = (keys: readonly string[], leavesOut?: ReadonlySet<number>) =>
    kinesis.execute(
      'PutRecords',
      {
        StreamName: 'events',
        Records: keys.map((key) => ({ PartitionKey: key, Data: Buffer.from(`of ${key}`) })),
      },
      { ...call, leavesOut },
    ) as {
      readonly FailedRecordCount: number;
      readonly Records: readonly { readonly ShardId?: string; readonly SequenceNumber?: string }[];
    };
  return { kinesis, put };
}

const keys = Array.from({ length: 200 }, (_, index) => `ledger/acc-${index}`);

describe('the simulated Kinesis', () => {
  it('adds each record to the shard of its partition key, in order', () => {
    const { kinesis, put } = kinesisOf();
    const first = put(keys);
    const second = put(keys);
    expect(first.FailedRecordCount).toBe(0);
    expect(first.Records.map(({ ShardId }) => ShardId)).toEqual(second.Records.map(({ ShardId }) => ShardId));
    const numbers = [...first.Records, ...second.Records].map(({ SequenceNumber = '' }) =>
      BigInt(SequenceNumber),
    );
    expect(numbers).toEqual(numbers.toSorted((one, other) => (one < other ? -1 : 1)));
    for (const { records } of kinesis.stream.shards) expect(records.length).toBeGreaterThan(60);
  });

  it('keeps a record as Lambda delivers it', () => {
    const { kinesis, put } = kinesisOf(1);
    const [{ ShardId, SequenceNumber } = {}] = put(['ledger/a']).Records;
    const record = kinesis.stream.shards[0]?.records[0]?.record;
    expect(record).toMatchObject({
      eventID: `${ShardId}:${SequenceNumber}`,
      eventSource: 'aws:kinesis',
      kinesis: {
        partitionKey: 'ledger/a',
        sequenceNumber: SequenceNumber,
        approximateArrivalTimestamp: nowMs / 1_000,
      },
    });
    expect(textOf(record?.kinesis.data ?? '')).toBe('of ledger/a');
  });

  it('gives sequence numbers that are not in the order of texts', () => {
    const { put } = kinesisOf(1);
    const numbers = put(keys).Records.map(({ SequenceNumber = '' }) => SequenceNumber);
    expect(numbers).not.toEqual(numbers.toSorted());
  });

  it('leaves records out of a call, each with a code', () => {
    const { kinesis, put } = kinesisOf(1);
    const { FailedRecordCount, Records } = put(['a', 'b', 'c', 'd'], new Set([1, 2]));
    expect(FailedRecordCount).toBe(2);
    expect(Records).toMatchObject([
      { ShardId: 'shardId-000000000000' },
      { ErrorCode: 'ProvisionedThroughputExceededException' },
      { ErrorCode: 'InternalFailure' },
      { ShardId: 'shardId-000000000000' },
    ]);
    expect(Records[1]).not.toHaveProperty('SequenceNumber');
    expect(kinesis.stream.shards[0]?.records.map(({ partitionKey }) => partitionKey)).toEqual(['a', 'd']);
  });

  it('adds records to the two children of a shard that was split', () => {
    const { kinesis, put } = kinesisOf(2);
    put(keys);
    const [parent, other] = kinesis.stream.shards;
    if (parent === undefined || other === undefined) throw new Error('There are two shards.');
    const [before, beside] = [parent.records.length, other.records.length];
    kinesis.stream.split(parent);
    put(keys);
    const children = kinesis.stream.shards.slice(2);
    expect(children.map((child) => child.parent)).toEqual([parent, parent]);
    expect(parent.records).toHaveLength(before);
    expect(other.records).toHaveLength(2 * beside);
    for (const { records } of children) expect(records.length).toBeGreaterThan(20);
    expect(children.flatMap(({ records }) => records)).toHaveLength(before);
    expect(kinesis.stream.openShards).toEqual([other, ...children]);
    expect(() => kinesis.stream.split(parent)).toThrow('was split before');
  });

  it('refuses what Kinesis refuses', () => {
    const { kinesis, put } = kinesisOf(1);
    const execute = (operation: string, input: object) => () => kinesis.execute(operation, input, call);
    expect(execute('PutRecords', { StreamName: 'others', Records: [] })).toThrow('No stream others.');
    expect(() => put([])).toThrow('not accepted');
    expect(() => put([''])).toThrow('not accepted');
    expect(() => put(Array(501).fill('a'))).toThrow('not accepted');
    const large = { PartitionKey: 'a', Data: Buffer.alloc(2 ** 20) };
    expect(execute('PutRecords', { StreamName: 'events', Records: [large] })).toThrow('not accepted');
    expect(execute('GetRecords', {})).toThrow('has no GetRecords');
    expect(kinesis.stream.shards[0]?.records).toEqual([]);
  });
});
