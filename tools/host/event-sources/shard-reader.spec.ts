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
const record = (sequenceNumber: string): StreamRecord => ({
  sequenceNumber,
  arrivedAtMs: Date.now(),
  partitionKey: 'p',
  size: 1,
  eventRecord: { sequenceNumber },
});

/**
 * Reads a closed shard of records 1 and 2 from its checkpoint `after`, or its beginning; the engine answers positions as
 * `answer` says, and has trimmed what the iterator `stale` points to.
 */
async function readShard(
  after: string | undefined,
  answer: (position: string | undefined, call: number) => string,
  options: object = {},
) {
  const positions: (string | undefined)[] = [];
  const received: string[] = [];
  const warnings: string[] = [];
  const warn = (line: string) => void warnings.push(line);
  const target = {
    configuration: { name: 'f', arn: 'arn' },
    invoke: async (payload: string) => {
      received.push(...JSON.parse(payload).Records.map((it: StreamRecord) => it.sequenceNumber));
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
        return { records: [record('1'), record('2')], nextIterator: undefined };
      },
    },
    mapping: parseMapping('m', { ...properties, ...options }, target),
    shardId: 'shard',
    checkpoints,
    wakeSignal: new WakeSignal(),
    // A shard that stalls would be read for ever.
    signal: AbortSignal.timeout(3_000),
    onGivenUp: async () => undefined,
    warn,
  });
  await reader.run();
  return { positions, received, warnings, checkpoint: checkpoints.after('shard') };
}

describe('a position that the engine refuses', () => {
  it.each([['SerializationException'], ['ValidationException'], ['InvalidArgumentException']])(
    'with %s is done without: the shard is read from its beginning, and a line says so',
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

  it('is not given up for an engine that is just unwell', async () => {
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

  it('are told of, and the shard is read from what is left', async () => {
    const { positions, received, warnings } = await readShard('0', staleAtFirst);
    expect(positions).toEqual(['0', undefined]);
    expect(received).toEqual(['1', '2']);
    expect(warnings).toEqual([`${sourceArn} has lost records that were not read yet.`]);
  });

  it('are none when nothing of the shard was read before', async () => {
    const { received, warnings } = await readShard(undefined, staleAtFirst);
    expect(received).toEqual(['1', '2']);
    expect(warnings).toEqual([]);
  });
});
