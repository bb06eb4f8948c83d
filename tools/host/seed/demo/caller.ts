import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf, UserError } from '../../user-error.ts';

const answerTimeoutMs = 30_000;
const retryWaitMs = 500;
const triesMax = 20;
const pollMs = 200;

const problemSchema = z.object({ type: z.string(), detail: z.string() }).partial();
const keyReused = 'urn:streamfold:problem:idempotency-key-reused';

export interface CallerOptions {
  /** Of the host's HTTP routes. */
  readonly httpUrl: string;
  /** Undefined for a host that asks for none. */
  readonly token: string | undefined;
  /** Begins each idempotency key, so that callers have keys of their own. */
  readonly name: string;
  readonly signal: AbortSignal;
}

/** A document to upload. */
export interface Upload {
  readonly contentType: string;
  readonly content: string | Buffer<ArrayBuffer>;
}

/** A caller of the API. Each command has a name, which is its idempotency key: sent again, it changes nothing. */
export class Caller {
  readonly #options: CallerOptions;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /**
   * Sends a command and returns the id of what it is about.
   * @param name never changes, and no other command of this caller has it
   * @throws {UserError} when the command is refused.
   */
  async post(name: string, path: string, body: object = {}): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    return this.#command(name, 'POST', path, headers, JSON.stringify(body));
  }

  /** Uploads a document. @throws {UserError} when it is refused. */
  async upload(name: string, method: 'POST' | 'PUT', path: string, document: Upload): Promise<void> {
    await this.#command(name, method, path, { 'content-type': document.contentType }, document.content);
  }

  /** What a path answers; undefined if there is nothing. `fresh`: with what was committed just now. @throws {UserError} */
  async get<Answer>(path: string, { fresh = true } = {}): Promise<Answer | undefined> {
    const { status, body } = await this.#send('GET', path, fresh ? { 'cache-control': 'no-cache' } : {});
    if (status === 404) return undefined;
    if (status === 200) return body as Answer;
    throw refusal(`GET ${path}`, status, body);
  }

  /** Asks until the answer is accepted. @throws {UserError} after `timeoutMs`, naming what it waited for. */
  async until<Answer>(
    path: string,
    isDone: (answer: Answer | undefined) => boolean,
    { timeoutMs, what, fresh = true }: { timeoutMs: number; what: string; fresh?: boolean },
  ): Promise<Answer> {
    const deadlineMs = Date.now() + timeoutMs;
    for (;;) {
      const answer = await this.get<Answer>(path, { fresh });
      if (isDone(answer)) return answer as Answer;
      if (Date.now() > deadlineMs) {
        throw new UserError(`${what} took longer than ${timeoutMs / 1_000} s (GET ${path}).`);
      }
      await delay(pollMs, undefined, { signal: this.#options.signal });
    }
  }

  async #command(
    name: string,
    method: string,
    path: string,
    headers: Record<string, string>,
    content: string | Buffer<ArrayBuffer>,
  ): Promise<string> {
    const key = { 'idempotency-key': `demo-${this.#options.name}-${name}` };
    const { status, body } = await this.#send(method, path, { ...headers, ...key }, content);
    // An earlier start has sent it, with another time of a deadline or of a value.
    const isDone = status < 300 || problemSchema.safeParse(body).data?.type === keyReused;
    if (isDone) return String((body as { id?: unknown }).id ?? '');
    throw refusal(`${method} ${path}`, status, body);
  }

  /** Sends a request until it is answered otherwise than "later". It may be repeated: a command has its key. */
  async #send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string | Buffer<ArrayBuffer>,
  ) {
    const { httpUrl, token, signal } = this.#options;
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    for (let tries = 1; ; tries++) {
      const response = await fetch(httpUrl + path, {
        method,
        headers: { ...headers, ...authorization },
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
        ...(body !== undefined && { body }),
      }).catch((error) => {
        signal.throwIfAborted();
        throw new UserError(`${method} ${path} is not answered: ${messageOf(error.cause ?? error)}`);
      });
      const text = await response.text();
      const isLater = response.status === 429 || response.status === 503;
      if (!isLater || tries === triesMax) return { status: response.status, body: parsed(text) };
      await delay(retryWaitMs, undefined, { signal });
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Without values: only what the problem's type and sentence say. */
function refusal(call: string, status: number, body: unknown): UserError {
  const { detail = 'No reason is given.' } = problemSchema.safeParse(body).data ?? {};
  return new UserError(`${call} is answered ${status}: ${detail}`);
}
