import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../aws-error.ts';
import type { LocalFunction } from '../lambda/function.ts';
import type { FunctionRegistry } from '../lambda/registry.ts';
import { readBody } from './body.ts';

const requestLimitBytes = 6 * 1024 * 1024;

/** The operations of Lambda's API that list and invoke functions. Paths begin with `/2015-03-31/`. */
export class LambdaApi {
  readonly #functions: FunctionRegistry;
  readonly #warn: (line: string) => void;

  constructor(functions: FunctionRegistry, warn: (line: string) => void) {
    this.#functions = functions;
    this.#warn = warn;
  }

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    try {
      await this.#route(request, response, url);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const body = JSON.stringify({ Type: 'User', message: error.message });
      send(response, error.statusCode, { 'x-amzn-errortype': error.code }, body);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse, { pathname }: URL): Promise<void> {
    const [collection, name = '', action = ''] = pathname.replace('/2015-03-31/', '').split('/');
    if (request.method === 'GET' && collection === 'functions' && name === '') {
      const Functions = this.#functions.list().map(describeFunction);
      return send(response, 200, {}, JSON.stringify({ Functions }));
    }
    if (request.method === 'POST' && collection === 'functions' && action === 'invocations') {
      return this.#invoke(request, response, this.#find(decodeURIComponent(name)));
    }
    const call = `${request.method} ${pathname}`;
    throw new AwsError('NotImplementedException', 501, `The local host does not support ${call}.`);
  }

  async #invoke(request: IncomingMessage, response: ServerResponse, target: LocalFunction): Promise<void> {
    const body = await readBody(request, requestLimitBytes);
    if (body === undefined) {
      throw new AwsError('RequestTooLargeException', 413, 'The request is larger than 6 MB.');
    }
    // The body is JSON, whatever its content type says.
    const payload = body.length === 0 ? '{}' : body.toString('utf8');
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (type !== 'RequestResponse' && type !== 'Event') {
      throw new AwsError('NotImplementedException', 501, `The local host does not support the type ${type}.`);
    }
    const invocation = target.invoke(payload);
    if (type === 'Event') {
      this.#reportFailure(target, invocation);
      return send(response, 202, {}, '');
    }
    const result = await invocation;
    const headers = {
      'x-amzn-requestid': result.requestId,
      'x-amz-executed-version': '$LATEST',
      ...(result.functionError && { 'x-amz-function-error': result.functionError }),
    };
    send(response, 200, headers, result.payload);
  }

  async #reportFailure(target: LocalFunction, invocation: ReturnType<LocalFunction['invoke']>) {
    const { functionError, payload } = await invocation;
    if (functionError === undefined) return;
    this.#warn(`${target.configuration.name} failed on an asynchronous invocation: ${payload}`);
  }

  /** @throws {AwsError} when there is no such function. */
  #find(reference: string): LocalFunction {
    const found = this.#functions.find(reference);
    if (found !== undefined) return found;
    throw new AwsError('ResourceNotFoundException', 404, `Function not found: ${reference}`);
  }
}

function describeFunction({ configuration }: LocalFunction): object {
  return {
    FunctionName: configuration.name,
    FunctionArn: configuration.arn,
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
