import http from 'node:http';
import https from 'node:https';

/** What everything here pretends to be: one account, one region, one key pair that nobody checks. */
export const accountId = '000000000000';
export const region = 'us-east-1';
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

/** An answer of an engine that is an error: `code` is AWS's name for it, as `ResourceInUseException`. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly statusCode: number;

  constructor(code: string, statusCode: number, message: string) {
    super(message);
    this.code = code;
    this.statusCode = statusCode;
  }
}

/** Calls one engine in AWS's JSON protocol. Its records arrive exactly as Lambda events carry them. */
export interface AwsClient {
  readonly url: string;
  /** @throws {AwsError} when the engine answers with one; a plain Error when it does not answer. */
  call<Output>(operation: string, input: object): Promise<Output>;
  close(): void;
}

const protocols = {
  dynamodb: { target: 'DynamoDB_20120810', version: '1.0' },
  'dynamodb-streams': { target: 'DynamoDBStreams_20120810', version: '1.0' },
  kinesis: { target: 'Kinesis_20131202', version: '1.1' },
  sqs: { target: 'AmazonSQS', version: '1.0' },
} as const;

export type AwsJsonService = keyof typeof protocols;

const requestTimeoutMs = 30_000;

/** Headers that the engines want to see and do not verify. */
export function unverifiedSignature(service: string): Record<string, string> {
  const date = `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const scope = `${credentials.accessKeyId}/${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    'x-amz-date': date,
  };
}

export function awsClient(url: string, service: AwsJsonService): AwsClient {
  const transport = url.startsWith('https:') ? https : http;
  const agent = new transport.Agent({ keepAlive: true });
  const { target, version } = protocols[service];
  return {
    url,
    async call<Output>(operation: string, input: object): Promise<Output> {
      const body = JSON.stringify(input);
      const request = transport.request(url, {
        method: 'POST',
        agent,
        timeout: requestTimeoutMs,
        headers: {
          'content-type': `application/x-amz-json-${version}`,
          'content-length': Buffer.byteLength(body),
          'x-amz-target': `${target}.${operation}`,
          ...unverifiedSignature(service === 'dynamodb-streams' ? 'dynamodb' : service),
        },
      });
      const { statusCode, text } = await exchange(request, body);
      const answer = parse(text);
      if (statusCode === 200) return answer as Output;
      const code = String(answer['__type'] ?? 'UnknownError').replace(/^.*#/, '');
      const message = String(answer['message'] ?? answer['Message'] ?? text);
      throw new AwsError(code, statusCode, `${operation}: ${code}: ${message}`);
    },
    close: () => agent.destroy(),
  };
}

function exchange(request: http.ClientRequest, body: string): Promise<{ statusCode: number; text: string }> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error(`no answer within ${requestTimeoutMs} ms`)));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ statusCode: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    request.end(body);
  });
}

function parse(text: string): Record<string, unknown> {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}
