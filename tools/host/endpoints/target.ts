import type { IncomingHttpHeaders } from 'node:http';
import { kmsTarget } from '../kms/kms-listener.ts';

/** The engines that calls are passed on to; `queues` is SQS and S3. The host itself is `kms`. */
export type EngineName = 'dynamodb' | 'kinesis' | 'kms' | 'queues';

const engineOfTarget: readonly (readonly [prefix: string, engine: EngineName])[] = [
  ['DynamoDB_', 'dynamodb'],
  ['DynamoDBStreams_', 'dynamodb'],
  ['Kinesis_', 'kinesis'],
  ['AmazonSQS', 'queues'],
  [kmsTarget, 'kms'],
];

const engineOfService: Readonly<Record<string, EngineName>> = {
  dynamodb: 'dynamodb',
  kinesis: 'kinesis',
  sqs: 'queues',
  s3: 'queues',
};

/** The engine of a call, by its target or, without one, by the service that it is signed for. Undefined for others. */
export function engineOf(headers: IncomingHttpHeaders, query: URLSearchParams): EngineName | undefined {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    return engineOfTarget.find(([prefix]) => target.startsWith(prefix))?.[1];
  }
  return engineOfService[signedService(headers, query) ?? ''];
}

/** The service in the scope of a SigV4 credential: `key/date/region/service/aws4_request`. */
export function signedService(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  return credentialScope(headers, query).at(-2);
}

/** The access key in the scope of a SigV4 credential. */
export function accessKeyId(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  return credentialScope(headers, query).at(-5);
}

function credentialScope(headers: IncomingHttpHeaders, query: URLSearchParams): string[] {
  const credential =
    /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1] ?? query.get('X-Amz-Credential') ?? '';
  return credential.split('/');
}
