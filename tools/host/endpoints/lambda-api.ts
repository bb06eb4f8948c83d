import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../aws-error.ts';
import type { AsynchronousInvocations } from '../lambda/asynchronous.ts';
import type { LocalFunction } from '../lambda/function.ts';
import type { FunctionRegistry } from '../lambda/registry.ts';
import { readBody } from './body.ts';
import type { Listener } from './server.ts';

const requestLimitBytes = 6 * 1024 * 1024;

/** Answers the operations of Lambda's API that list, describe and invoke functions. Paths begin with `/2015-03-31/`. */
export function lambdaListener(functions: FunctionRegistry, asynchronous: AsynchronousInvocations): Listener {
  return async (request, response) => {
    try {
      await answer(request, response, functions, asynchronous);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const body = JSON.stringify({ Type: 'User', message: error.message });
      send(response, error.statusCode, { 'x-amzn-errortype': error.code }, body);
    }
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  functions: FunctionRegistry,
  asynchronous: AsynchronousInvocations,
): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?');
  const [collection, name = '', action = ''] = path.replace('/2015-03-31/', '').split('/');
  if (request.method === 'GET' && collection === 'functions' && name === '') {
    return send(response, 200, {}, JSON.stringify({ Functions: functions.list().map(describeFunction) }));
  }
  if (request.method === 'GET' && collection === 'functions' && action === 'configuration') {
    return send(response, 200, {}, JSON.stringify(describeFunction(functionOf(functions, name))));
  }
  if (request.method === 'POST' && collection === 'functions' && action === 'invocations') {
    return invoke(request, response, functionOf(functions, name), asynchronous);
  }
  throw notSupported(`${request.method} ${path}`);
}

function functionOf(functions: FunctionRegistry, name: string): LocalFunction {
  const reference = decoded(name);
  const found = functions.find(reference);
  if (found !== undefined) return found;
  throw new AwsError('ResourceNotFoundException', 404, `Function not found: ${reference}`);
}

/** A part of a path. Lambda answers a name that is none with this error. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsError('ValidationException', 400, `The function name ${part} has an invalid escape.`);
  }
}

async function invoke(
  request: IncomingMessage,
  response: ServerResponse,
  target: LocalFunction,
  asynchronous: AsynchronousInvocations,
): Promise<void> {
  const body = await readBody(request, requestLimitBytes);
  if (body === undefined) {
    throw new AwsError('RequestTooLargeException', 413, 'The request is larger than 6 MB.');
  }
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type !== 'RequestResponse' && type !== 'Event') throw notSupported(`invocation type ${type}`);
  // The body is JSON, whatever its content type says.
  const event = body.length === 0 ? '{}' : body.toString('utf8');
  if (type === 'Event') {
    const requestId = asynchronous.accept(target, event, 'an asynchronous invocation');
    return send(response, 202, { 'x-amzn-requestid': requestId }, '');
  }
  const { requestId, functionError, payload } = await target.invoke(event, { origin: 'a direct invocation' });
  const headers = {
    'x-amzn-requestid': requestId,
    'x-amz-executed-version': '$LATEST',
    ...(functionError && { 'x-amz-function-error': functionError }),
  };
  send(response, 200, headers, payload);
}

function notSupported(what: string): AwsError {
  return new AwsError('NotImplementedException', 501, `The local host does not support ${what}.`);
}

function describeFunction({ configuration }: LocalFunction): object {
  return {
    FunctionName: configuration.name,
    FunctionArn: configuration.arn,
    Runtime: configuration.runtime,
    Handler: configuration.handler,
    Timeout: configuration.timeoutMs / 1_000,
    MemorySize: configuration.memorySizeMb,
    Environment: { Variables: configuration.environment },
  };
}

function send(
  response: ServerResponse,
  statusCode: number,
  headers: Record<string, string>,
  body: string,
): void {
  response.writeHead(statusCode, { 'content-type': 'application/json', ...headers });
  response.end(body);
}
