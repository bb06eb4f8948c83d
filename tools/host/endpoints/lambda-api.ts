import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EventSourceMapping } from '../event-sources/mapping.ts';
import { InvocationRefused } from '../lambda/errors.ts';
import type { LocalFunction } from '../lambda/function.ts';
import type { FunctionRegistry } from '../lambda/registry.ts';
import { readBody } from './body.ts';

const requestLimitBytes = 6 * 1024 * 1024;
const deployedAt = new Date().toISOString();

/** The part of Lambda's API that looks at functions and invokes them. Paths begin with `/2015-03-31/`. */
export class LambdaApi {
  readonly #functions: FunctionRegistry;
  readonly #mappings: readonly EventSourceMapping[];
  readonly #warn: (line: string) => void;

  constructor(
    functions: FunctionRegistry,
    mappings: readonly EventSourceMapping[],
    warn: (line: string) => void,
  ) {
    this.#functions = functions;
    this.#mappings = mappings;
    this.#warn = warn;
  }

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    try {
      await this.#route(request, response, url);
    } catch (error) {
      if (!(error instanceof InvocationRefused)) throw error;
      send(response, error.statusCode, { Type: 'User', message: error.message }, error.code);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const [collection, reference = '', action = ''] = url.pathname
      .replace('/2015-03-31/', '')
      .split('/')
      .map(decodeURIComponent);
    const call = `${request.method} ${collection}/${reference === '' ? '' : '{name}'}/${action}`;
    switch (call) {
      case 'GET functions//':
        return send(response, 200, { Functions: this.#functions.list().map(describeFunction) });
      case 'GET event-source-mappings//':
        return send(response, 200, { EventSourceMappings: this.#describeMappings(url.searchParams) });
      case 'GET functions/{name}/':
        return send(response, 200, { Configuration: describeFunction(this.#find(reference)), Tags: {} });
      case 'GET functions/{name}/configuration':
        return send(response, 200, describeFunction(this.#find(reference)));
      case 'POST functions/{name}/invocations':
        return this.#invoke(request, response, this.#find(reference));
      default:
        throw new InvocationRefused(
          'NotImplementedException',
          501,
          `${request.method} ${url.pathname} is not part of the Lambda API here.`,
        );
    }
  }

  async #invoke(request: IncomingMessage, response: ServerResponse, target: LocalFunction): Promise<void> {
    const body = await readBody(request, requestLimitBytes);
    if (body === undefined) {
      throw new InvocationRefused('RequestTooLargeException', 413, 'The request is larger than 6 MB.');
    }
    // Whatever its content type says: a body is JSON.
    const payload = body.length === 0 ? '{}' : body.toString('utf8');
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (type === 'DryRun') return sendRaw(response, 204, {}, '');
    const invocation = target.invoke(payload);
    if (type === 'Event') {
      invocation.then(({ functionError, payload: failure }) => {
        const { name } = target.configuration;
        if (functionError !== undefined)
          this.#warn(`${name} failed on an asynchronous invocation: ${failure}`);
      });
      return sendRaw(response, 202, {}, '');
    }
    const result = await invocation;
    const headers = {
      'x-amzn-requestid': result.requestId,
      'x-amz-executed-version': '$LATEST',
      ...(result.functionError && { 'x-amz-function-error': result.functionError }),
    };
    sendRaw(response, 200, headers, result.payload);
  }

  /** @throws {InvocationRefused} when there is no such function. */
  #find(reference: string): LocalFunction {
    const found = this.#functions.find(reference);
    if (found !== undefined) return found;
    throw new InvocationRefused('ResourceNotFoundException', 404, `Function not found: ${reference}`);
  }

  #describeMappings(query: URLSearchParams): object[] {
    const functionName = query.get('FunctionName');
    const wanted = functionName === null ? undefined : this.#functions.find(functionName);
    return this.#mappings
      .filter((mapping) => functionName === null || mapping.target === wanted)
      .map((mapping) => ({
        UUID: mapping.id,
        EventSourceArn: mapping.sourceArn,
        FunctionArn: mapping.target.configuration.arn,
        BatchSize: mapping.batchSize,
        State: 'Enabled',
      }));
  }
}

function describeFunction({ configuration }: LocalFunction): object {
  return {
    FunctionName: configuration.name,
    FunctionArn: configuration.arn,
    Runtime: configuration.runtime,
    Handler: configuration.handler,
    Description: configuration.description,
    Timeout: configuration.timeoutMs / 1_000,
    MemorySize: configuration.memorySizeMb,
    Environment: { Variables: configuration.environment },
    LastModified: deployedAt,
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    Version: '$LATEST',
  };
}

function send(response: ServerResponse, statusCode: number, body: object, errorType?: string): void {
  sendRaw(response, statusCode, errorType ? { 'x-amzn-errortype': errorType } : {}, JSON.stringify(body));
}

function sendRaw(
  response: ServerResponse,
  statusCode: number,
  headers: Record<string, string>,
  body: string,
): void {
  response.writeHead(statusCode, { 'content-type': 'application/json', ...headers });
  response.end(body);
}
