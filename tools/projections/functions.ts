import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type InvokeCommandOutput,
  LambdaClient,
  type LambdaClientConfig,
} from '@aws-sdk/client-lambda';
import { UserError } from '../host/user-error.ts';
import { awsFailure } from './aws-failure.ts';

/** Longer than the longest invocation, 15 minutes. In ms. */
const invocationTimeoutMs = 16 * 60_000;
const connectionTimeoutMs = 10_000;
/** Attempts per call, for throttling and lost connections. The SDK waits longer after each. */
const maxAttempts = 8;
/** A missing host is reported at once, not after all attempts. */
const firstCallAttempts = 2;
const firstCallTimeoutMs = 15_000;
/** Invocations that end with the function's timeout are tried again, to this number in all: each continues what was begun. */
const timedOutAttempts = 3;

/** The functions of a stage. */
export interface Functions {
  /**
   * Invokes a function, named without its stage, and returns its answer. Safe for requests that may be repeated: it retries
   * throttling, lost connections and timeouts, with bounds. @throws {UserError} if it cannot be invoked or fails.
   */
  invoke<Answer>(name: string, request: object): Promise<Answer>;
}

export interface LambdaFunctionsOptions {
  readonly stage: string;
  readonly client: LambdaClientConfig;
  /** Gives up waiting for answers. The functions go on until their answers. */
  readonly signal: AbortSignal;
}

/** The functions of a stage, by the API of Lambda. */
export class LambdaFunctions implements Functions {
  readonly #options: LambdaFunctionsOptions;
  readonly #client: LambdaClient;

  constructor(options: LambdaFunctionsOptions) {
    this.#options = options;
    this.#client = new LambdaClient({
      ...options.client,
      maxAttempts,
      requestHandler: {
        connectionTimeout: connectionTimeoutMs,
        requestTimeout: invocationTimeoutMs,
        throwOnRequestTimeout: true,
      },
    });
  }

  /** The ARN of a function. Ask it first: it fails fast. @throws {UserError} if nobody answers, or there is no such function. */
  async arn(name: string): Promise<string> {
    const { client, signal } = this.#options;
    const first = new LambdaClient({
      ...client,
      maxAttempts: firstCallAttempts,
      requestHandler: {
        connectionTimeout: connectionTimeoutMs,
        requestTimeout: firstCallTimeoutMs,
        throwOnRequestTimeout: true,
      },
    });
    const FunctionName = this.#fullName(name);
    const call = new GetFunctionConfigurationCommand({ FunctionName });
    const { FunctionArn } = await first
      .send(call, { abortSignal: signal })
      .catch((error: unknown) => this.#fail(FunctionName, error));
    if (FunctionArn !== undefined) return FunctionArn;
    throw new UserError(`What answers does not know the ARN of ${FunctionName}.`);
  }

  async invoke<Answer>(name: string, request: object): Promise<Answer> {
    const FunctionName = this.#fullName(name);
    for (let attempt = 1; ; attempt += 1) {
      const { FunctionError, Payload } = await this.#send(FunctionName, request);
      const text = Payload?.transformToString() ?? '';
      if (FunctionError === undefined) return parsed<Answer>(FunctionName, text);
      const message = errorMessageOf(text);
      if (attempt >= timedOutAttempts || !message.includes('Task timed out')) {
        throw new UserError(`The function ${FunctionName} failed: ${message}`);
      }
    }
  }

  async #send(FunctionName: string, request: object): Promise<InvokeCommandOutput> {
    const call = new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) });
    return this.#client
      .send(call, { abortSignal: this.#options.signal })
      .catch((error: unknown) => this.#fail(FunctionName, error));
  }

  #fullName(name: string): string {
    return `streamfold-${this.#options.stage}-${name}`;
  }

  #fail(functionName: string, error: unknown): never {
    const { client, signal } = this.#options;
    signal.throwIfAborted();
    throw awsFailure(error, `The function ${functionName}`, client.endpoint?.toString());
  }
}

function parsed<Answer>(functionName: string, text: string): Answer {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw new UserError(`The function ${functionName} answered what is no JSON.`);
  }
}

function errorMessageOf(payload: string): string {
  try {
    const { errorMessage }: { errorMessage?: unknown } = JSON.parse(payload);
    return typeof errorMessage === 'string' ? errorMessage : payload;
  } catch {
    return payload;
  }
}
