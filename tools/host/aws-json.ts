import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { AwsError } from './aws-error.ts';

/** The account, region and key pair of everything on this machine. The key pair is not checked. */
export const accountId = '000000000000';
export const region = 'us-east-1';
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

/** Calls one engine in AWS's JSON protocol. Records arrive exactly as Lambda events contain them. */
export interface AwsClient {
  /**
   * `timeoutMs`: how long the answer may take; 30 s by default.
   * @throws {AwsError} when the engine answers with an error; a plain Error when it does not answer in time.
   */
  call<Output>(operation: string, input: object, options?: { readonly timeoutMs?: number }): Promise<Output>;
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
    async call<Output>(
      operation: string,
      input: object,
      { timeoutMs = requestTimeoutMs } = {},
    ): Promise<Output> {
      const headers = {
        'content-type': `application/x-amz-json-${version}`,
        'x-amz-target': `${target}.${operation}`,
        ...unverifiedSignature(service === 'dynamodb-streams' ? 'dynamodb' : service),
      };
      const { status, text: body } = await post(url, JSON.stringify(input), headers, timeoutMs);
      const answer = parse(body);
      if (status === 200) return answer as Output;
      const code = String(answer['__type'] ?? 'UnknownError').replace(/^.*#/, '');
      const message = String(answer['message'] ?? answer['Message'] ?? body);
      throw new AwsError(code, status, `${operation}: ${code}: ${message}`);
    },
  };
}

// Not fetch: it needs more than twice the CPU time, and event sources make up to a thousand calls a second.
const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) };

async function post(url: string, body: string, headers: Record<string, string>, timeoutMs: number) {
  const options = {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    timeout: timeoutMs,
  };
  const request = url.startsWith('https:')
    ? https.request(url, { ...options, agent: agents.https })
    : http.request(url, { ...options, agent: agents.http });
  request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
  request.on('error', () => undefined); // Ignores an error after the response; one before it rejects below.
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return { status: response.statusCode ?? 0, text: await text(response) };
}

function parse(body: string): Record<string, unknown> {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    return { message: body };
  }
}
