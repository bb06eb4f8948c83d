import { AwsError } from '../../aws-error.ts';
import { accountId, region } from '../../aws-json.ts';
import { poll } from '../../poll.ts';
import type { ResourceType } from '../world.ts';
import { optionalText } from './properties.ts';

/** Shards of an on-demand stream, which has four on AWS. Two are enough to show that only a shard keeps the order. */
const onDemandShards = 2;
const activeTimeoutMs = 10_000;

/** AWS::Kinesis::Stream. */
export const kinesisStream: ResourceType = {
  properties: ['Name', 'ShardCount'],
  ignored: ['RetentionPeriodHours', 'StreamEncryption', 'StreamModeDetails'],
  create: async ({ physicalName, properties }, { kinesis }) => {
    const StreamName = optionalText(properties, 'Name') ?? physicalName;
    try {
      const ShardCount = Number(properties['ShardCount'] ?? onDemandShards);
      await kinesis.call('CreateStream', { StreamName, ShardCount });
    } catch (error) {
      // It exists from an earlier start.
      if (!(error instanceof AwsError) || error.code !== 'ResourceInUseException') throw error;
    }
    const describe = () =>
      kinesis.call<{ StreamDescriptionSummary: { StreamStatus: string } }>('DescribeStreamSummary', {
        StreamName,
      });
    await poll(
      describe,
      ({ StreamDescriptionSummary }) => StreamDescriptionSummary.StreamStatus === 'ACTIVE',
      {
        timeoutMs: activeTimeoutMs,
        intervalMs: 10,
        onTimeout: () => new Error(`the stream is not active after ${activeTimeoutMs} ms.`),
      },
    );
    return {
      ref: StreamName,
      attributes: { Arn: `arn:aws:kinesis:${region}:${accountId}:stream/${StreamName}` },
    };
  },
};
