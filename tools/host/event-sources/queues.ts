import { type AwsClient, accountId } from '../aws-json.ts';

/** The URL of a queue in calls to the engine, which reads only the path's end. */
export function queueUrl(queueArn: string, endpoint = 'http://localhost'): string {
  return `${endpoint}/${accountId}/${queueArn.split(':').at(-1)}`;
}

/** Sends a message, as JSON. */
export async function sendToQueue(sqs: AwsClient, queueArn: string, message: object): Promise<void> {
  await sqs.call('SendMessage', { QueueUrl: queueUrl(queueArn), MessageBody: JSON.stringify(message) });
}
