import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type InvokeCommandOutput,
  LambdaClient,
  type LambdaClientConfig,
} from '@aws-sdk/client-lambda';
import { UserError } from '../host/user-error.ts';
import { awsFailure } from './aws-failure.ts';
import { isOnlyOnce } from './only-once.ts';
import { PassingFault } from './passing-fault.ts';

/** Longer than the longest invocation, 15 minutes. In ms. */
const invocationTimeoutMs = 16 * 60_000;
const connectionTimeoutMs = 10_000;
/** Attempts per call, for throttling and lost connections. The SDK waits longer after each. */
const maxAttempts = 8;
/** A missing host is reported at once, not after all attempts. */
const firstCallAttempts = 2;
const firstCallTimeoutMs = 15_000;

/** The functions of a stage. */
export interface Functions {
  /**
   * Invokes a function, named without its stage, and returns its answer. @throws {PassingFault} if it fails or nobody answers,
   * {UserError} if it cannot be invoked.
   * @param onRepeat called if the request was sent more than once: an attempt without an answer may have done something that the
   * answer does not tell.
   */
  invoke<Answer>(name: string, request: object, onRepeat?: () => void): Promise<Answer>;
}

export interface LambdaFunctionsOptions {
  readonly stage: string;
  readonly client: LambdaClientConfig;
  /** Gives up waiting for answers. The functions go on until their answers. */
  readonly signal: AbortSignal;
}

/** The functions of a stage, by the API of Lambda. Throttling and lost connections are tried again, if the request may be repeated. */
export class LambdaFunctions implements Functions {
  readonly #options: LambdaFunctionsOptions;
  readonly #repeating: LambdaClient;
  readonly #once: LambdaClient;

  constructor(options: LambdaFunctionsOptions) {
    this.#options = options;
    this.#repeating = clientOf(options, maxAttempts, invocationTimeoutMs);
    this.#once = clientOf(options, 1, invocationTimeoutMs);
  }

  /** The ARN of a function. Ask it first: it fails fast. @throws {UserError} if nobody answers, or there is no such function. */
  async arn(name: string): Promise<string> {
    const { signal } = this.#options;
    const first = clientOf(this.#options, firstCallAttempts, firstCallTimeoutMs);
    const FunctionName = this.#fullName(name);
    const call = new GetFunctionConfigurationCommand({ FunctionName });
    const { FunctionArn } = await first
      .send(call, { abortSignal: signal })
      .catch((error: unknown) => this.#fail(FunctionName, error));
    if (FunctionArn !== undefined) return FunctionArn;
    throw new UserError(`What answers does not know the ARN of ${FunctionName}.`);
  }

  async invoke<Answer>(name: string, request: object, onRepeat?: () => void): Promise<Answer> {
    const FunctionName = this.#fullName(name);
    const { FunctionError, Payload, $metadata } = await this.#send(FunctionName, request);
    if (($metadata.attempts ?? 1) > 1) onRepeat?.();
    const text = Payload?.transformToString() ?? '';
    if (FunctionError === undefined) return parsed<Answer>(FunctionName, text);
    throw new PassingFault(`The function ${FunctionName} failed: ${errorMessageOf(text)}`);
  }

  async #send(FunctionName: string, request: object): Promise<InvokeCommandOutput> {
    const call = new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) });
    const client = isOnlyOnce(request) ? this.#once : this.#repeating;
    return client
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

function clientOf(
  { client }: LambdaFunctionsOptions,
  attempts: number,
  requestTimeout: number,
): LambdaClient {
  const requestHandler = {
    connectionTimeout: connectionTimeoutMs,
    requestTimeout,
    throwOnRequestTimeout: true,
  };
  return new LambdaClient({ ...client, maxAttempts: attempts, requestHandler });
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
