import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { WireResponse } from '../services/dynamodb/wire-response.ts';
import type { Caller } from './caller.ts';
import type { ServiceName } from './faults.ts';
import { type Fate, fateOf, isRetried } from './network.ts';

type Middlewares = GetItemCommand['middlewareStack'];

/** A new command has none. */
const noMiddlewares = new GetItemCommand({ TableName: undefined, Key: undefined }).middlewareStack;

/** What the adapters ask of a command of the SDK. */
interface SentCommand {
  readonly input: object;
  readonly middlewareStack: Middlewares;
}

interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/** The message of an answer, as far as middlewares look at it. */
interface Answer {
  readonly output: object;
  readonly response: WireResponse;
}

/** Bound of the SDK's waits between attempts, in ms: of the first one, and of all. */
const [firstWaitMs, longestWaitMs] = [100, 20_000];

/**
 * Stands in for a client of the SDK, of one instance. Each call is an exchange over the network: the request arrives after
 * a while, is carried out at that instant, and its answer arrives after another while. Faults of the world strike in between.
 */
export class SimulatedClient {
  /** What readers of raw pages use. */
  readonly config = { streamCollector: async (body: Uint8Array) => body };
  readonly middlewareStack: Middlewares = noMiddlewares.clone();
  readonly #caller: Caller;
  readonly #service: ServiceName;
  readonly #maxAttempts: number;

  constructor(caller: Caller, service: ServiceName, maxAttempts: number) {
    this.#caller = caller;
    this.#service = service;
    this.#maxAttempts = maxAttempts;
  }

  /** Sends a command with the attempts of the SDK. */
  async send(command: SentCommand, { abortSignal }: SendOptions = {}): Promise<object> {
    const operation = operationOf(command);
    const attempt = this.#attempt(this.#withToken(operation, command), operation, abortSignal);
    for (let failed = 1; ; failed += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (failed >= this.#maxAttempts || !isRetried(error)) throw error;
        const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (failed - 1));
        await this.#caller.effects.delay(this.#caller.random.next() * waitMs);
      }
    }
  }

  /** The SDK gives each transaction a token, the same for all attempts: the service carries it out once. */
  #withToken(operation: string, command: SentCommand): SentCommand {
    if (operation !== 'TransactWriteItems') return command;
    const ClientRequestToken = this.#caller.effects.newId();
    return { middlewareStack: command.middlewareStack, input: { ClientRequestToken, ...command.input } };
  }

  /** One attempt, with the middlewares of the client and of the command. */
  #attempt(
    { input, middlewareStack }: SentCommand,
    operation: string,
    signal: AbortSignal | undefined,
  ): () => Promise<object> {
    const exchange = () => this.#exchange(operation, input, signal);
    const hasOwn = middlewareStack.identify().length > 0;
    if (!hasOwn && this.middlewareStack.identify().length === 0) return exchange;
    // Those of the command run first: no middleware here depends on that.
    const innermost = this.middlewareStack.resolve(async () => {
      const output = await exchange();
      return { output, response: new WireResponse(output, this.#caller.world.time.nowMs) } as never;
    }, {});
    const handler = hasOwn ? middlewareStack.resolve(innermost, {}) : innermost;
    return async () => ((await handler({ input } as never)) as Answer).output;
  }

  #exchange(operation: string, input: object, signal: AbortSignal | undefined): Promise<object> {
    const caller = this.#caller;
    const { world } = caller;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(aborted());
      world.countCall(caller.functionName);
      const fate = fateOf(caller, this.#service, operation, input);
      if (fate.killsBefore) caller.kill();
      if (!caller.isAlive) return;
      signal?.addEventListener('abort', () => reject(aborted()), { once: true });
      const settle = (action: () => void, afterMs: number) =>
        world.time.after(afterMs, () => {
          if (caller.isAlive) action();
        });
      world.time.after(fate.requestMs, () => this.#arrive(operation, fate, { resolve, reject, settle }));
      if (fate.killsUnderWay) caller.kill();
    });
  }

  /** The request arrives, or its loss is noticed. */
  #arrive(
    operation: string,
    fate: Fate,
    {
      resolve,
      reject,
      settle,
    }: {
      readonly resolve: (output: object) => void;
      readonly reject: (error: unknown) => void;
      readonly settle: (action: () => void, afterMs: number) => void;
    },
  ): void {
    if (fate.error && !fate.isCarriedOut) {
      settle(() => reject(fate.error), fate.responseMs);
      return;
    }
    try {
      const output = this.#caller.world.carryOut(this.#service, operation, fate);
      settle(() => (fate.error ? reject(fate.error) : resolve(output)), fate.responseMs);
    } catch (error) {
      settle(() => reject(fate.error ?? error), fate.responseMs);
    }
  }
}

const names = new Map<unknown, string>();

/** "PutItem" of a `PutItemCommand`. */
function operationOf(command: object): string {
  const known = names.get(command.constructor);
  if (known !== undefined) return known;
  const name = command.constructor.name.replace(/Command$/, '');
  names.set(command.constructor, name);
  return name;
}

function aborted(): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}
