/**
 * The waits before the attempts after the first, in seconds. Together they are half an hour, so an outage of that length ends no
 * analysis. 900 is the longest delay that SQS accepts.
 */
export const attemptDelaysSeconds = [30, 60, 120, 240, 480, 900] as const;

/** The message attribute with the number of the attempt: 0 is the first, whose message has none. */
export const attemptAttribute = 'attempt';

/** The queue of uploads, as the analyzer sends to it. */
export interface AnalysisQueue {
  /** Sends a message of the queue again. It is delivered after the delay, as the attempt of this number. */
  sendAgain(body: string, again: { readonly attempt: number; readonly delaySeconds: number }): Promise<void>;
}

/** What SQS delivers of a message's attributes. */
interface Attributes {
  readonly messageAttributes?: Readonly<Record<string, { readonly stringValue?: string | undefined }>>;
}

/** The number of a message's attempt, from 0. Anybody who may send to the queue sets it: what is no number from 1 counts as 0. */
export function attemptOf({ messageAttributes }: Attributes): number {
  const text = messageAttributes?.[attemptAttribute]?.stringValue ?? '';
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
}

/** The attempt after this one, and how long it waits. Undefined: this was the last. */
export function attemptAfter(
  attempt: number,
): { readonly attempt: number; readonly delaySeconds: number } | undefined {
  const delaySeconds = attemptDelaysSeconds[attempt];
  return delaySeconds === undefined ? undefined : { attempt: attempt + 1, delaySeconds };
}
