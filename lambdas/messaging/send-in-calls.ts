import {
  backoff,
  type ChunkLimits,
  type Commit,
  chunks,
  type Effects,
  forEachConcurrently,
  isBusy,
  isOutage,
  type RefusedCommit,
  type RetryPolicy,
  type SendResult,
} from '../kernel/index.ts';

/** The message of one commit, and its size. */
export interface Message {
  readonly commit: Commit;
  readonly bytes: number;
}

/** The result of one call: what was not accepted. */
export interface CallResult<Sent extends Message> {
  readonly deferred: readonly Sent[];
  readonly refused: readonly RefusedCommit[];
  /** The last reason of `deferred`. */
  readonly error?: unknown;
}

/** How messages are sent to a destination. */
export interface Calls<Sent extends Message> {
  /** What one call accepts. */
  readonly limits: Pick<ChunkLimits<Sent>, 'maxParts' | 'maxBytes'>;
  readonly maxConcurrentCalls: number;
  /** Attempts for each message. */
  readonly maxAttempts: number;
  /** Makes one call. If it throws, none of its messages was accepted. */
  readonly send: (messages: readonly Sent[]) => Promise<CallResult<Sent>>;
  readonly effects: Pick<Effects, 'now' | 'delay' | 'random'>;
}

/** Waits of at most 100 ms after the first attempt, and of at most 800 ms later. */
const waits: Omit<RetryPolicy, 'maxAttempts'> = { firstWaitMs: 100, longestWaitMs: 800 };

/**
 * No call begins later than this after the first one, in ms. A call takes at most 4 s (its timeouts), so a destination
 * that does not answer takes at most 10 of the publisher's 30 s.
 */
const budgetMs = 6_000;

/** A destination did not accept an entry of a call. */
export class EntryError extends Error {
  override readonly name = 'EntryError';
  readonly code: string;

  constructor(code: string) {
    super(`The destination did not accept an entry: ${code}.`);
    this.code = code;
  }
}

/** The time for a destination is used up. It counts as a timeout. */
class OutOfTimeError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Sends messages in as few calls as their limits allow. Retries messages whose fault may pass within moments (`isBusy`).
 * Returns what stays deferred because of an outage, and what is refused for good: everything that is not an outage.
 * A call that is refused as a whole is halved until the message that causes it is alone.
 */
export async function sendInCalls<Sent extends Message>(
  messages: readonly Sent[],
  { limits, maxConcurrentCalls, maxAttempts, send, effects }: Calls<Sent>,
): Promise<Omit<SendResult, 'positions'>> {
  const lastStart = Date.parse(effects.now()) + budgetMs;
  const sendCall = (call: readonly Sent[]): Promise<CallResult<Sent>> =>
    Date.parse(effects.now()) > lastStart
      ? Promise.resolve({ deferred: call, refused: [], error: new OutOfTimeError('The time is used up.') })
      : sendOrHalve(call, sendAndListen, sendCall);
  const refused: RefusedCommit[] = [];
  let deferred = messages;
  let error: unknown;
  let answered = false;
  const sendAndListen = async (call: readonly Sent[]) => {
    const result = await send(call);
    answered = true;
    return result;
  };
  for (let attempt = 1; deferred.length > 0 && attempt <= maxAttempts; attempt += 1) {
    if (attempt > 1) await backoff(attempt - 1, { ...waits, maxAttempts }, effects);
    const calls = chunks(deferred, { ...limits, bytesOf: ({ bytes }) => bytes });
    const results: CallResult<Sent>[] = [];
    await forEachConcurrently([...calls.entries()], maxConcurrentCalls, async ([index, call]) => {
      results[index] = await sendCall(call);
    });
    const all = joined(results);
    refused.push(...all.refused);
    deferred = all.deferred;
    error = all.error ?? error;
    if (!isBusy(all.error)) break;
  }
  // A refusal for good is an answer too.
  return {
    deferred: deferred.map(({ commit }) => commit),
    refused,
    error,
    answered: answered || refused.length > 0,
  };
}

/** Makes one call. If it is refused as a whole and has several messages, sends each half. */
async function sendOrHalve<Sent extends Message>(
  call: readonly Sent[],
  send: Calls<Sent>['send'],
  sendHalf: Calls<Sent>['send'],
): Promise<CallResult<Sent>> {
  try {
    return await send(call);
  } catch (error) {
    if (isOutage(error)) return { deferred: call, refused: [], error };
    const [only, ...others] = call;
    if (only !== undefined && others.length === 0) {
      return { deferred: [], refused: [{ commit: only.commit, code: codeOf(error) }] };
    }
    const middle = Math.ceil(call.length / 2);
    const halves = [call.slice(0, middle), call.slice(middle)];
    return joined([await sendHalf(halves[0] ?? []), await sendHalf(halves[1] ?? [])]);
  }
}

/**
 * What one entry of a call becomes that was not accepted. Without a code, or with one of an outage, it is deferred.
 * @param isOurFault false if the destination says that the fault is its own
 */
export function notAccepted<Sent extends Message>(
  message: Sent,
  code: string | undefined,
  isOurFault = true,
): CallResult<Sent> {
  const error = new EntryError(code ?? 'ServiceUnavailable');
  return code === undefined || !isOurFault || isOutage(error)
    ? { deferred: [message], refused: [], error }
    : { deferred: [], refused: [{ commit: message.commit, code }] };
}

/** Joins results of calls, in order. */
export function joined<Sent extends Message>(results: readonly CallResult<Sent>[]): CallResult<Sent> {
  return {
    deferred: results.flatMap(({ deferred }) => deferred),
    refused: results.flatMap(({ refused }) => refused),
    error: results.findLast(({ error }) => error !== undefined)?.error,
  };
}

/** The name of an error. Its message may quote the commit, so it is not used. */
function codeOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
