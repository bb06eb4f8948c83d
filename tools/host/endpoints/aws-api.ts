import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EngineUrls } from '../lambda/environment.ts';
import type { LambdaApi } from './lambda-api.ts';
import { passOn } from './proxy.ts';
import type { Listener } from './server.ts';
import { engineOf, signedService } from './target.ts';

const serviceOfEngine = { dynamodb: 'dynamodb', kinesis: 'kinesis', queues: 'sqs' } as const;

/** One address for all of AWS that is here: Lambda's API itself, every other call passed on to its engine. */
export function awsListener(urls: EngineUrls, lambda: LambdaApi): Listener {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/2015-03-31/')) return lambda.handle(request, response, url);
    if (url.pathname === '/_localstack/health' || url.pathname === '/health') return health(response);
    const engine = engineOf(request.headers, url.searchParams);
    if (engine === undefined) return refuse(request, response, url.searchParams);
    return passOn(request, response, urls[engine], serviceOfEngine[engine]);
  };
}

function health(response: ServerResponse): void {
  const services = Object.fromEntries(
    ['lambda', 'dynamodb', 'dynamodbstreams', 'kinesis', 'sqs', 's3'].map((name) => [name, 'running']),
  );
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ services }));
}

function refuse(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
  const call = request.headers['x-amz-target'] ?? signedService(request.headers, query) ?? 'This call';
  const message = `${call} is not served here: Lambda, DynamoDB, Kinesis, SQS and S3 are.`;
  request.resume();
  response.writeHead(501, {
    'content-type': 'application/json',
    'x-amzn-errortype': 'NotImplementedException',
  });
  response.end(JSON.stringify({ __type: 'NotImplementedException', message }));
}
