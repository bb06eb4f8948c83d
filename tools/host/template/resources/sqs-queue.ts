import { accountId, region } from '../../aws-json.ts';
import type { ResourceHandler } from '../world.ts';
import { optionalText } from './properties.ts';

const attributeNames = [
  'ContentBasedDeduplication',
  'DelaySeconds',
  'FifoQueue',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'VisibilityTimeout',
];
const nameLimitChars = 80;

/** AWS::SQS::Queue. A queue from an earlier start gets the attributes that the template has now. */
export const sqsQueue: ResourceHandler = async ({ physicalName, properties }, { sqs, functionAccess }) => {
  const QueueName = optionalText(properties, 'QueueName') ?? physicalName.slice(-nameLimitChars);
  const attributes = Object.fromEntries(
    attributeNames.filter((name) => name in properties).map((name) => [name, asText(properties[name])]),
  );
  const { FifoQueue, ...changeable } = attributes;
  await sqs.call('CreateQueue', { QueueName, Attributes: FifoQueue === undefined ? {} : { FifoQueue } });
  // fauxqs names itself by a host that not every machine resolves, and looks at the end of a queue's URL only.
  // The SDK sends what is for a queue to the host in its URL.
  const QueueUrl = `${functionAccess.urls.queues}/${accountId}/${QueueName}`;
  await sqs.call('SetQueueAttributes', { QueueUrl, Attributes: changeable });
  return {
    ref: QueueUrl,
    attributes: { Arn: `arn:aws:sqs:${region}:${accountId}:${QueueName}`, QueueName, QueueUrl },
  };
};

function asText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
