import { AwsError } from '../aws-error.ts';
import { readBody } from '../endpoints/body.ts';
import type { Listener } from '../endpoints/server.ts';
import { kmsActions } from './kms-actions.ts';
import type { LocalKms } from './local-kms.ts';

/** Before the name of an action, in the header `x-amz-target` of calls of KMS. */
export const kmsTarget = 'TrentService.';

/** More than any request of KMS. */
const requestMaxBytes = 64 * 1024;

/** Answers calls of KMS, in the JSON protocol 1.1. */
export function kmsListener(kms: LocalKms): Listener {
  return async (request, response) => {
    const send = (statusCode: number, body: object) => {
      response.writeHead(statusCode, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    };
    try {
      const target = String(request.headers['x-amz-target']).slice(kmsTarget.length);
      send(200, answerOf(kms, target, await readBody(request, requestMaxBytes)));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      send(error.statusCode, { __type: error.code, message: error.message });
    }
  };
}

function answerOf(kms: LocalKms, name: string, body: Buffer | undefined): object {
  const action = Object.hasOwn(kmsActions, name) ? kmsActions[name] : undefined;
  if (action === undefined) {
    const message = `The KMS of the local host has no ${name}. It has ${Object.keys(kmsActions).join(', ')}.`;
    throw new AwsError('UnknownOperationException', 400, message);
  }
  return action(kms, inputOf(body));
}

function inputOf(body: Buffer | undefined): Readonly<Record<string, unknown>> {
  try {
    const input: unknown = JSON.parse(body?.toString('utf8') || '{}');
    if (typeof input === 'object' && input !== null) return input as Readonly<Record<string, unknown>>;
  } catch {
    // Answered below.
  }
  throw new AwsError('SerializationException', 400, 'The request is not a JSON object.');
}
