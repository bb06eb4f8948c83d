import type { IncomingMessage, ServerResponse } from 'node:http';
import { awsShape } from './error-answer.ts';
import { signedService } from './target.ts';

/** Services that a deployment calls, by the names that calls are signed for. */
const deploymentServices: ReadonlySet<string> = new Set(['cloudformation', 'ecr', 'iam', 'ssm', 'sts']);

/** The name of this server, by which `deploy:local` knows it. */
export const hostServer = 'streamfold-local-host';

/** A form with the name of a call is short. */
const readBytes = 16 * 1_024;
const readTimeoutMs = 5_000;

/**
 * Answers a call of a service that this host does not have, in the protocol of the call, so that CLIs and SDKs show the sentence.
 * @param query of the call's URL
 */
export async function answerNotHosted(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const service = signedService(request.headers, query);
  const isForm = /^application\/x-www-form-urlencoded/i.test(request.headers['content-type'] ?? '');
  const action = isForm ? new URLSearchParams(await beginning(request)).get('Action') : null;
  request.resume();
  const target = request.headers['x-amz-target'] ?? (action === null ? service : `${service}:${action}`);
  const message = sentence(String(target ?? 'This call'), service);
  const { headers, body } = shaped(request, isForm, message);
  response.writeHead(501, { ...headers, server: hostServer });
  response.end(body);
}

/** The start of the body: all of it, for a call in a form. */
async function beginning(request: IncomingMessage): Promise<string> {
  const timer = setTimeout(() => request.destroy(), readTimeoutMs);
  let text = '';
  try {
    for await (const chunk of request) {
      if (text.length < readBytes) text += chunk;
    }
  } finally {
    clearTimeout(timer);
  }
  return text;
}

function sentence(call: string, service: string | undefined): string {
  const has = 'This is the local host (npm start), which has Lambda, DynamoDB, Kinesis, KMS, SQS and S3';
  if (service === undefined || !deploymentServices.has(service)) {
    return `${call} is not supported. ${has}.`;
  }
  return (
    `${call} is not supported. ${has}, and runs the app already: nothing is deployed to it. To deploy the app, start an emulator of` +
    ' AWS at another port (npm run emulator -- --port 4567), and then run: npm run deploy:local -- --endpoint http://localhost:4567'
  );
}

interface Shaped {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

function shaped({ headers }: IncomingMessage, isForm: boolean, message: string): Shaped {
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') {
    return {
      headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
      body: cborMap({ __type: errorType, message }),
    };
  }
  if (isForm) return { headers: { 'content-type': 'text/xml' }, body: queryError(message) };
  return awsShape({ statusCode: 501, code: '', title: '', detail: message });
}

const errorType = 'NotImplementedException';

/** An error of AWS's Query protocol: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#error-response-serialization */
function queryError(message: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${errorType}</Code><Message>${escaped(message)}</Message></Error><RequestId>local</RequestId></ErrorResponse>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** A map of up to 23 texts in CBOR (RFC 8949): a byte with the number of pairs, then keys and values. */
function cborMap(texts: Readonly<Record<string, string>>): Buffer {
  const pairs = Object.entries(texts).flat().map(cborText);
  return Buffer.concat([Buffer.from([0xa0 + pairs.length / 2]), ...pairs]);
}

/** Major type 3 with its length in two bytes, which any encoder may choose. */
function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.from([0x79, 0, 0]);
  head.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
