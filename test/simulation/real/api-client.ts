import type { Reply } from '../../support/http-client.ts';
import { httpClient } from '../../support/http-client.ts';
import type { Attempt, PastAnswer, PersonCommand, RowAnswer } from '../history.ts';
import { answerOf, isWorthRetrying, problemCode, unanswered } from './answers.ts';
import type { KilledHost } from './killed-host.ts';
import type { Recorder, RunningOperation } from './recorder.ts';
import { requestOf, rowPath } from './requests.ts';

type Context = PersonCommand['context'];
type Headers = Readonly<Record<string, string>>;

/** How one person sends a command. */
export interface Persistence {
  /** Attempts while there is no answer. */
  readonly attempts: number;
  /** The person gives up waiting for the first one after this time, in ms. It doubles with each attempt. */
  readonly patienceMs: number;
}

const readPatienceMs = 20_000;
const patienceMaxMs = 20_000;

/** Sends requests to a host that may be down, and records every attempt. */
export class ApiClient {
  readonly #host: KilledHost;
  readonly #recorder: Recorder;
  readonly #signal: AbortSignal;

  /** `signal`: ends waiting for a host that is down. */
  constructor(host: KilledHost, recorder: Recorder, signal: AbortSignal) {
    this.#host = host;
    this.#recorder = recorder;
    this.#signal = signal;
  }

  /** Sends a command until it is answered, with the same key each time. */
  async send(operation: RunningOperation, { attempts, patienceMs }: Persistence): Promise<void> {
    for (let made = 0; made < attempts; made += 1) {
      const { answer } = await this.#attempt(operation, Math.min(patienceMs * 2 ** made, patienceMaxMs));
      if (!isWorthRetrying(answer)) return;
    }
  }

  /** Reads a row now, and records the answer if there is one. */
  async read(context: Context, id: string, isFresh: boolean): Promise<void> {
    const headers: Headers = isFresh ? { 'cache-control': 'no-cache' } : {};
    const read = await this.#get(rowPath(context, id), headers);
    const found = read && foundIn(context, read.reply);
    if (found === undefined) return;
    const { askedMs, answeredMs } = read as Timed;
    const answer: RowAnswer = { askedMs, answeredMs, context, id, isFresh, found: found.row };
    this.#recorder.reads.push(answer);
  }

  /** Asks about the past, and records the answer if there is one. */
  async ask(context: Context, id: string, point: PastAnswer['point']): Promise<void> {
    const query = 'at' in point ? `at=${encodeURIComponent(point.at)}` : `version=${point.version}`;
    const read = await this.#get(`${rowPath(context, id)}?${query}`, {});
    const found = read && foundIn(context, read.reply);
    if (found === undefined) return;
    const { askedMs, answeredMs } = read as Timed;
    this.#recorder.pasts.push({ askedMs, answeredMs, context, id, point, found: found.row });
  }

  async #attempt(operation: RunningOperation, patienceMs: number): Promise<Attempt> {
    const { httpUrl } = await this.#host.whenUp(this.#signal);
    const { path, body } = requestOf(operation.command);
    const headers = {
      'idempotency-key': operation.key,
      ...(operation.expectedVersion !== undefined && { 'if-match': `"${operation.expectedVersion}"` }),
    };
    const sentMs = Date.now();
    const answer = await callWithin(httpUrl, patienceMs, 'POST', path, body, headers).then(
      answerOf,
      (error: Error) => unanswered(reasonOf(error)),
    );
    const attempt = { sentMs, endedMs: Date.now(), answer };
    operation.attempts.push(attempt);
    return attempt;
  }

  async #get(path: string, headers: Headers): Promise<Timed | undefined> {
    const { httpUrl } = await this.#host.whenUp(this.#signal);
    const askedMs = Date.now();
    const reply = await callWithin(httpUrl, readPatienceMs, 'GET', path, undefined, headers).catch(
      () => undefined,
    );
    return reply && { askedMs, answeredMs: Date.now(), reply };
  }
}

interface Timed {
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly reply: Reply;
}

/** Throws when there is no whole answer in time. */
function callWithin(
  url: string,
  patienceMs: number,
  ...[method, path, json, headers]: Parameters<ReturnType<typeof httpClient>>
): Promise<Reply> {
  return httpClient(() => url, AbortSignal.timeout(patienceMs))(method, path, json, headers);
}

/** `row` is undefined for a stream that does not exist. Undefined: the reply says nothing about it. */
function foundIn(context: Context, reply: Reply): { readonly row: RowAnswer['found'] } | undefined {
  if (reply.status === 404 && problemCode(reply) === `${context}/not-found`) return { row: undefined };
  if (reply.status !== 200) return undefined;
  const generation = /-(g\d+)"$/.exec(reply.headers.get('etag') ?? '')?.[1] ?? 'g1';
  return { row: { version: Number(reply.body['version']), generation, row: reply.body } };
}

function reasonOf({ name, message, cause }: Error): string {
  const code = (cause as { readonly code?: string } | undefined)?.code;
  return code ?? (name === 'TimeoutError' ? 'no answer in time' : message);
}
