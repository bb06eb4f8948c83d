import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EngineUrls } from '../lambda/environment.ts';
import { awsShape } from './error-answer.ts';
import { answerNotHosted } from './not-hosted.ts';
import { isPresignedObject, lambdaPrefix, objectHeadersOf } from './presigned-object.ts';
import { passOn } from './proxy.ts';
import { closedPolicy, type GuardPolicy } from './request-guard.ts';
import type { Listener } from './server.ts';
import { engineOf } from './target.ts';

const serviceOfEngine = { dynamodb: 'dynamodb', kinesis: 'kinesis', queues: 'sqs' } as const;

/** No page may use AWS's APIs. A presigned link to an object is the grant itself, for whoever has it, as on AWS. */
export const awsPolicy: GuardPolicy = {
  ...closedPolicy,
  isOpen: isPresignedObject,
  adviceFor: () => "No page may use AWS's APIs. Pages of origins that the stage names may call the HTTP API.",
};

export interface AwsApiOptions {
  readonly urls: EngineUrls;
  readonly lambda: Listener;
  readonly kms: Listener;
  /** Whether the CORS of a bucket lets the pages of every origin read its objects. */
  readonly isReadByPages: (bucketName: string) => boolean;
}

/** One address for all AWS APIs: answers calls of Lambda and KMS, and passes other calls on to their engines. */
export function awsListener({ urls, lambda, kms, isReadByPages }: AwsApiOptions): Listener {
  return async (request, response) => {
    // Stored HTML must not become a page of this origin, which could call all of AWS's APIs.
    response.setHeader('x-content-type-options', 'nosniff');
    if (request.method === 'OPTIONS') return refuseOptions(request, response);
    // Not relative to a base: a path that starts with "//" would name another host.
    const url = new URL(`http://localhost${request.url}`);
    if (url.pathname.startsWith(lambdaPrefix)) return lambda(request, response);
    const engine = engineOf(request.headers, url.searchParams);
    if (engine === undefined) return answerNotHosted(request, response, url.searchParams);
    if (engine === 'kms') return kms(request, response);
    const [, bucketName = ''] = url.pathname.split('/');
    const isLink = isPresignedObject({ method: request.method ?? '', target: request.url ?? '' });
    return passOn(request, response, urls[engine], serviceOfEngine[engine], {
      ...(isLink && isReadByPages(bucketName) && { headers: { 'access-control-allow-origin': '*' } }),
      ...(isLink && { objectHeaders: objectHeadersOf(url.searchParams) }),
    });
  };
}

const optionsDetail = 'No page of another origin may call this address, so there is no answer to OPTIONS.';

function refuseOptions(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers, body } = awsShape({ statusCode: 405, code: '', title: '', detail: optionsDetail });
  request.resume();
  response.writeHead(405, headers);
  response.end(body);
  return Promise.resolve();
}
