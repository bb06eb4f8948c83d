import { scopeNames } from '../../../../schema/scopes.ts';
import type { Host } from '../../host.ts';
import { messageOf, UserError } from '../../user-error.ts';
import { makeAccounts, makeSmallAccount } from './accounts.ts';
import { Caller } from './caller.ts';
import { makeDispenses, start } from './dispenses.ts';
import { makeMetric, makeMetrics } from './metrics.ts';
import { summaryText, thereText } from './summary.ts';

/** The last account that is made: it shows that all data are there. */
const lastAccount = '/ledger/demo-petty-cash';
const shownTimeoutMs = 60_000;
const tokenMinutes = 60;
/** Of the second tenant, on a host whose callers have tokens. */
const otherTenant = 'harbour';

export interface DemoOptions {
  readonly say: (line: string) => void;
  /** Ends the seed between two requests. The next one continues. */
  readonly signal: AbortSignal;
}

type SeededHost = Pick<Host, 'httpUrl' | 'issueToken'>;

/**
 * Fills a host with a small set of invented data by its own HTTP API: each command is one that a caller could send. Commands that
 * an earlier start has sent change nothing, and a host that has all data gets none.
 * @throws {UserError} naming the request that failed.
 */
export async function seedDemo(host: SeededHost, { say, signal }: DemoOptions): Promise<void> {
  const failed = new AbortController();
  const callerOf = (subject: string, tenant?: string) =>
    new Caller({
      httpUrl: host.httpUrl,
      token: host.issueToken?.({
        subject,
        scopes: scopeNames,
        minutes: tokenMinutes,
        ...(tenant !== undefined && { tenant }),
      }),
      name: subject,
      signal: AbortSignal.any([signal, failed.signal]),
    });
  const keeper = callerOf('nora');
  if ((await keeper.get(lastAccount)) !== undefined) return say(thereText(host));
  say('Making the demo data ...');
  try {
    const stories = [
      makeAccounts(keeper),
      makeMetrics(keeper),
      makeDispenses(callerOf('omar')),
      host.issueToken ? makeOtherTenant(callerOf('ida', otherTenant)) : '',
    ] as const;
    // One that fails ends the others, and its error is reported, not theirs.
    const [account, metric, dispense] = await Promise.all(stories).catch(async (error) => {
      failed.abort();
      await Promise.allSettled(stories);
      throw error;
    });
    await keeper.post('petty-cash', `${lastAccount}/credits`, { amount: 50, currency: 'EUR' });
    await untilShown(keeper);
    say(summaryText(host, { account, metric, dispense }));
  } catch (error) {
    signal.throwIfAborted();
    throw new UserError(`The demo data are incomplete: ${messageOf(error)} Start again to continue.`);
  }
}

/** What only callers of another tenant see. */
async function makeOtherTenant(caller: Caller): Promise<string> {
  await makeSmallAccount(caller, 'Till at the harbour');
  await makeMetric(caller, { name: 'Guests at the harbour', values: [40, 44, 52] });
  return start(caller, 'harbour');
}

/** The lists follow the commands. */
async function untilShown(caller: Caller): Promise<void> {
  const shown = { timeoutMs: shownTimeoutMs, what: 'Showing the demo data in the lists', fresh: false };
  await caller.until(lastAccount, (account) => account !== undefined, shown);
  const isCaughtUp = ({ behindMs }: { behindMs?: number }) => behindMs === 0;
  await caller.until<{ projectors?: { behindMs?: number }[] }>(
    '/health',
    (health) => health?.projectors?.every(isCaughtUp) === true,
    shown,
  );
}
