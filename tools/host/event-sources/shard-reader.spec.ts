import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../aws-error.ts';
import type { LocalFunction } from '../lambda/function.ts';
import { Checkpoints } from './checkpoints.ts';
import { parseMapping } from './mapping.ts';
import { ShardReader } from './shard-reader.ts';
import type { StreamRecord } from './stream-source.ts';
import { WakeSignal } from './wake-signal.ts';

const sourceArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
const properties = {
  EventSourceArn: sourceArn,
  StartingPosition: 'TRIM_HORIZON',
  FunctionResponseTypes: ['ReportBatchItemFailures'],
};
const record = (sequenceNumber: string, size: number): StreamRecord => ({
  sequenceNumber,
  arrivedAtMs: Date.now(),
  size,
  eventRecord: { sequenceNumber },
  filtered: () => ({ sequenceNumber }),
});

/**
 * Reads a closed shard of records 1 and 2, of `size` characters each, from its checkpoint `after` or its beginning. The
 * engine answers positions with `answer`, and has trimmed the records at the iterator `stale`. `invoke` may throw.
 */
async function readShard(
  after: string | undefined,
  answer: (position: string | undefined, call: number) => string,
  { invoke = async () => undefined, size = 1 }: { invoke?: () => Promise<void>; size?: number } = {},
) {
  const positions: (string | undefined)[] = [];
  const received: string[] = [];
  const batchSizes: number[] = [];
  const warnings: string[] = [];
  const warn = (line: string) => void warnings.push(line);
  const target = {
    configuration: { name: 'f', arn: 'arn' },
    invoke: async (payload: string) => {
      const { Records } = JSON.parse(payload) as { Records: StreamRecord[] };
      await invoke();
      batchSizes.push(Records.length);
      received.push(...Records.map((it) => it.sequenceNumber));
      return { requestId: 'r', payload: 'null' };
    },
  } as unknown as LocalFunction;
  const checkpoints = new Checkpoints({ id: 'm', sourceArn, warn });
  if (after !== undefined) await checkpoints.set('shard', after);
  const reader = new ShardReader({
    source: {
      listShards: async () => [],
      iteratorAt: async (_, position) => {
        positions.push(position);
        return answer(position, positions.length);
      },
      read: async (_, iterator) => {
        if (iterator === 'stale') throw new AwsError('TrimmedDataAccessException', 400, 'trimmed');
        return { records: ['1', '2'].map((it) => record(it, size)), nextIterator: undefined };
      },
    },
    mapping: parseMapping('m', properties, target),
    shardId: 'shard',
    checkpoints,
    wakeSignal: new WakeSignal(),
    // Without it, a shard that stalls would be read for ever.
    signal: AbortSignal.timeout(3_000),
    onGivenUp: async () => undefined,
    warn,
  });
  await reader.run();
  return { positions, received, batchSizes, warnings, checkpoint: checkpoints.after('shard') };
}

describe('a position that the engine refuses', () => {
  it.each([['SerializationException'], ['ValidationException'], ['InvalidArgumentException']])(
    'with %s is dropped: the shard is read from its beginning, and a warning says so',
    async (code) => {
      const { positions, received, warnings, checkpoint } = await readShard('9', (position) => {
        if (position === undefined) return 'iterator';
        throw new AwsError(code, 400, `GetShardIterator: ${code}: no`);
      });
      expect(positions).toEqual(['9', undefined]);
      expect(received).toEqual(['1', '2']);
      expect(checkpoint).toBe('2');
      expect(warnings).toEqual([`f reads ${sourceArn} from its beginning: GetShardIterator: ${code}: no`]);
    },
  );

  it('is kept when the engine fails for another reason', async () => {
    const { positions, warnings } = await readShard('9', (_, call) => {
      if (call > 1) return 'iterator';
      throw new AwsError('InternalFailure', 500, 'later');
    });
    expect(positions).toEqual(['9', '9']);
    expect(warnings).toEqual([]);
  });
});

describe('records that the engine has trimmed', () => {
  const staleAtFirst = (_: string | undefined, call: number) => (call === 1 ? 'stale' : 'iterator');

  it('cause a warning, and the shard is read from its oldest record', async () => {
    const { positions, received, warnings } = await readShard('0', staleAtFirst);
    expect(positions).toEqual(['0', undefined]);
    expect(received).toEqual(['1', '2']);
    expect(warnings).toEqual([`${sourceArn} has lost records that were not read yet.`]);
  });

  it('cause no warning when nothing of the shard was read before', async () => {
    const { received, warnings } = await readShard(undefined, staleAtFirst);
    expect(received).toEqual(['1', '2']);
    expect(warnings).toEqual([]);
  });
});

describe('records of a shard', () => {
  it('are read again when their processing throws', async () => {
    let calls = 0;
    const invoke = async () => {
      if (++calls === 1) throw new Error('not now');
    };
    const { positions, received, checkpoint } = await readShard('0', () => 'iterator', { invoke });
    expect(positions).toEqual(['0', '0']);
    expect(received).toEqual(['1', '2']);
    expect(checkpoint).toBe('2');
  });

  it.each([
    [2_500_000, [2]],
    [2_500_001, [1, 1]],
    [6_000_000, [1, 1]],
  ])('of %d characters arrive in batches of %j', async (size, expected) => {
    const { batchSizes, received } = await readShard(undefined, () => 'iterator', { size });
    expect(batchSizes).toEqual(expected);
    expect(received).toEqual(['1', '2']);
  });
});
