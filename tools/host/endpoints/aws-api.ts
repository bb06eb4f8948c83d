import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EngineUrls } from '../lambda/environment.ts';
import { passOn } from './proxy.ts';
import type { Listener } from './server.ts';
import { engineOf, signedService } from './target.ts';

const serviceOfEngine = { dynamodb: 'dynamodb', kinesis: 'kinesis', queues: 'sqs' } as const;

/** One address for all AWS APIs: answers calls of Lambda, and passes other calls on to their engines. */
export function awsListener(urls: EngineUrls, lambda: Listener): Listener {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname.startsWith('/2015-03-31/')) return lambda(request, response);
    const engine = engineOf(request.headers, url.searchParams);
    if (engine === undefined) return refuse(request, response, url.searchParams);
    return passOn(request, response, urls[engine], serviceOfEngine[engine]);
  };
}

function refuse(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
  const call = request.headers['x-amz-target'] ?? signedService(request.headers, query) ?? 'This call';
  const message = `${call} is not supported by the local host, which has Lambda, DynamoDB, Kinesis, SQS and S3.`;
  request.resume();
  response.writeHead(501, {
    'content-type': 'application/json',
    'x-amzn-errortype': 'NotImplementedException',
  });
  response.end(JSON.stringify({ __type: 'NotImplementedException', message }));
}
