import { accountId, region } from '../../aws-json.ts';
import { queueUrl } from '../../event-sources/queues.ts';
import type { ResourceType } from '../world.ts';
import { optionalText } from './properties.ts';

const nameLimitChars = 80;

/** AWS::SQS::Queue. A queue from an earlier start gets the attributes that the template has now. */
export const sqsQueue: ResourceType = {
  properties: ['MessageRetentionPeriod', 'QueueName', 'RedrivePolicy', 'VisibilityTimeout'],
  ignored: ['KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId', 'RedriveAllowPolicy', 'SqsManagedSseEnabled'],
  create: async ({ physicalName, properties }, { sqs, functionAccess }) => {
    const QueueName = optionalText(properties, 'QueueName') ?? physicalName.slice(-nameLimitChars);
    const { QueueName: _, ...attributes } = properties;
    const Attributes = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [name, asText(value)]),
    );
    const Arn = `arn:aws:sqs:${region}:${accountId}:${QueueName}`;
    // fauxqs puts a host into its URLs that not every machine resolves. The SDK sends calls to the URL's host.
    const QueueUrl = queueUrl(Arn, functionAccess.urls.queues);
    await sqs.call('CreateQueue', { QueueName });
    await sqs.call('SetQueueAttributes', { QueueUrl, Attributes });
    return { ref: QueueUrl, attributes: { Arn } };
  },
};

function asText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
