import { AwsError } from './aws-error.ts';
import { messageOf } from './user-error.ts';

/** The account, region and key pair of everything on this machine. Nothing checks the key pair. */
export const accountId = '000000000000';
export const region = 'us-east-1';
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

/** Calls one engine in AWS's JSON protocol. Records arrive exactly as Lambda events contain them. */
export interface AwsClient {
  /** @throws {AwsError} when the engine answers with an error; a plain Error when it does not answer in 30 s. */
  call<Output>(operation: string, input: object): Promise<Output>;
}

const protocols = {
  dynamodb: { target: 'DynamoDB_20120810', version: '1.0' },
  'dynamodb-streams': { target: 'DynamoDBStreams_20120810', version: '1.0' },
  kinesis: { target: 'Kinesis_20131202', version: '1.1' },
  sqs: { target: 'AmazonSQS', version: '1.0' },
} as const;

export type AwsJsonService = keyof typeof protocols;

const requestTimeoutMs = 30_000;

/** Headers of a signature. The engines require them and do not verify them. */
export function unverifiedSignature(service: string): Record<string, string> {
  const date = `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const scope = `${credentials.accessKeyId}/${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    'x-amz-date': date,
  };
}

/** A client for the engine at `url`. */
export function awsClient(url: string, service: AwsJsonService): AwsClient {
  const { target, version } = protocols[service];
  return {
    async call<Output>(operation: string, input: object): Promise<Output> {
      const { status, text } = await post(url, JSON.stringify(input), {
        'content-type': `application/x-amz-json-${version}`,
        'x-amz-target': `${target}.${operation}`,
        ...unverifiedSignature(service === 'dynamodb-streams' ? 'dynamodb' : service),
      });
      const answer = parse(text);
      if (status === 200) return answer as Output;
      const code = String(answer['__type'] ?? 'UnknownError').replace(/^.*#/, '');
      const message = String(answer['message'] ?? answer['Message'] ?? text);
      throw new AwsError(code, status, `${operation}: ${code}: ${message}`);
    },
  };
}

async function post(url: string, body: string, headers: Record<string, string>) {
  try {
    const signal = AbortSignal.timeout(requestTimeoutMs);
    const response = await fetch(url, { method: 'POST', headers, body, signal });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    // fetch puts the reason (as ECONNREFUSED) into the cause.
    const { cause } = error as Error;
    throw new Error(messageOf(cause ?? error), { cause: error });
  }
}

function parse(text: string): Record<string, unknown> {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}
