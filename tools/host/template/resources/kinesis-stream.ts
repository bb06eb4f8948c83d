import { setTimeout as delay } from 'node:timers/promises';
import { AwsError, accountId, region } from '../../aws-json.ts';
import type { ResourceHandler } from '../world.ts';
import { optionalNumber, optionalText } from './properties.ts';

/** Of an on-demand stream, which has four on AWS: enough to see that order holds within a shard only. */
const onDemandShards = 2;
const activeTimeoutMs = 10_000;

/** AWS::Kinesis::Stream. */
export const kinesisStream: ResourceHandler = async ({ physicalName, properties }, { kinesis }) => {
  const StreamName = optionalText(properties, 'Name') ?? physicalName;
  try {
    const ShardCount = optionalNumber(properties, 'ShardCount') ?? onDemandShards;
    await kinesis.call('CreateStream', { StreamName, ShardCount });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ResourceInUseException') throw error;
  }
  const deadline = Date.now() + activeTimeoutMs;
  for (;;) {
    const { StreamDescriptionSummary } = await kinesis.call<{
      StreamDescriptionSummary: { StreamStatus: string };
    }>('DescribeStreamSummary', { StreamName });
    if (StreamDescriptionSummary.StreamStatus === 'ACTIVE') break;
    if (Date.now() > deadline)
      throw new Error(`Stream ${StreamName} is not active after ${activeTimeoutMs} ms`);
    await delay(10);
  }
  return {
    ref: StreamName,
    attributes: { Arn: `arn:aws:kinesis:${region}:${accountId}:stream/${StreamName}` },
  };
};
