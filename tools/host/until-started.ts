import { setTimeout as delay } from 'node:timers/promises';
import { isLoopback } from './endpoints/request-target.ts';
import { messageOf, UserError } from './user-error.ts';

const answerTimeoutMs = 5_000;
const pollMs = 250;
/** A first start on a slow machine takes so long. */
const boundMs = 60_000;

export interface UntilStartedOptions {
  /** Called with a line for the user before the wait. */
  readonly say: (line: string) => void;
  /** Ends the wait with its reason. */
  readonly signal: AbortSignal;
  /** Default: a minute. */
  readonly timeoutMs?: number;
}

/**
 * Waits for a local host that is not there yet, or that says that it is starting. Anything else that answers, or that cannot be reached
 * in another way, is the caller's to judge.
 * @param url of the HTTP routes or of AWS's APIs
 * @throws {UserError} when there is no host after the wait. At an address of another machine, when nothing answers: nobody starts a host there.
 */
export async function untilStarted(url: string, options: UntilStartedOptions): Promise<void> {
  const { say, signal, timeoutMs = boundMs } = options;
  const deadlineMs = Date.now() + timeoutMs;
  let tries = 0;
  for (;;) {
    const missing = await whatIsMissing(url, signal);
    if (missing === undefined) return;
    if (missing === nothing && !isLoopback(new URL(url).host)) {
      throw new UserError(`${missing} at ${url}. Check the address.`);
    }
    tries += 1;
    const limit = `${timeoutMs / 1_000} s`;
    if (tries === 1) say(`${missing} at ${url}: waiting up to ${limit} for npm start ...`);
    if (Date.now() > deadlineMs) {
      throw new UserError(
        `${missing} at ${url}, in ${tries} tries and ${limit}. Run "npm start", or name the address of the host.`,
      );
    }
    await delay(pollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

const nothing = 'Nothing answers';

/** Undefined when something answers. */
async function whatIsMissing(url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(new URL('health', url.endsWith('/') ? url : `${url}/`), {
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    });
    const text = await response.text();
    return response.status === 503 && /"(title|message)":"Starting|is starting/.test(text)
      ? 'A host is still starting'
      : undefined;
  } catch (error) {
    signal.throwIfAborted();
    return isRefused(error) ? nothing : undefined;
  }
}

function isRefused(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code === 'ECONNREFUSED' || messageOf(cause).includes('ECONNREFUSED');
}
