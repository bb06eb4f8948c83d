import {
  type ChunkLimits,
  type Commit,
  chunks,
  type Effects,
  forEachConcurrently,
  type Refused,
  type RetryPolicy,
  type SendResult,
  sendWithRetry,
} from '../kernel/index.ts';

/** The message of one commit, and its size. */
export interface Message {
  readonly commit: Commit;
  readonly bytes: number;
}

/** How messages are sent to a destination. */
export interface Calls<Sent extends Message> {
  /** What one call accepts. */
  readonly limits: Pick<ChunkLimits<Sent>, 'maxParts' | 'maxBytes'>;
  readonly maxConcurrentCalls: number;
  /** Makes one call and returns the refused messages. If it throws, all of them were refused. */
  readonly send: (messages: readonly Sent[]) => Promise<Refused<Sent>>;
  readonly effects: Pick<Effects, 'delay' | 'random'>;
}

/** 6 attempts; waits of at most 200 ms after the first, and of at most 3.2 s later. */
const retry: RetryPolicy = { maxAttempts: 6, firstWaitMs: 200, longestWaitMs: 3_200 };

/** Sends messages in as few calls as their limits allow, and retries the refused ones. Returns those that stay refused. */
export async function sendInCalls<Sent extends Message>(
  messages: readonly Sent[],
  { limits, maxConcurrentCalls, send, effects }: Calls<Sent>,
): Promise<SendResult> {
  const sendAll = async (rest: readonly Sent[]): Promise<Refused<Sent>> => {
    const calls = chunks(rest, { ...limits, bytesOf: ({ bytes }) => bytes });
    const results: Refused<Sent>[] = [];
    await forEachConcurrently([...calls.entries()], maxConcurrentCalls, async ([index, call]) => {
      results[index] = await send(call).catch((error: unknown) => ({ refused: call, error }));
    });
    return {
      refused: results.flatMap(({ refused }) => refused),
      error: results.findLast(({ error }) => error !== undefined)?.error,
    };
  };
  const { refused, error } = await sendWithRetry(messages, sendAll, retry, effects);
  return { failed: refused.map(({ commit }) => commit), error };
}
