import type { IncomingHttpHeaders } from 'node:http';

/** The engines that calls are passed on to. */
export type EngineName = 'dynamodb' | 'kinesis' | 'queues';

const engineOfTarget: readonly (readonly [prefix: string, engine: EngineName])[] = [
  ['DynamoDB_', 'dynamodb'],
  ['DynamoDBStreams_', 'dynamodb'],
  ['Kinesis_', 'kinesis'],
  ['AmazonSQS', 'queues'],
];

const engineOfService: Readonly<Record<string, EngineName>> = {
  dynamodb: 'dynamodb',
  kinesis: 'kinesis',
  sqs: 'queues',
  s3: 'queues',
  sns: 'queues',
  sts: 'queues',
};

/** Which engine a call is for, told by its target or, without one, by the service it is signed for. */
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

/** The key in that scope: who signed the call. */
export function accessKeyId(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  return credentialScope(headers, query).at(-5);
}

function credentialScope(headers: IncomingHttpHeaders, query: URLSearchParams): string[] {
  const credential =
    /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1] ?? query.get('X-Amz-Credential') ?? '';
  return credential.split('/');
}
