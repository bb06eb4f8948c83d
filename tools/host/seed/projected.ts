import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from '../host.ts';
import { UserError } from '../user-error.ts';
import type { SeedOptions } from './seed.ts';
import { type StressAccount, stressAccounts } from './stress.ts';

const pollMs = 500;
const progressMs = 5_000;
/** A read model that makes no progress for this long is not waited for. */
const stuckMs = 120_000;

/**
 * Waits until queries show every event of the accounts, and prints commands to paste.
 * @throws {UserError} when the read model does not come nearer for two minutes; the reason of the signal once that is aborted.
 */
export async function untilProjected(
  host: Pick<Host, 'awsUrl' | 'httpUrl' | 'hasHttpApi' | 'issueToken'>,
  options: SeedOptions,
) {
  const { say, signal, accounts = stressAccounts } = options;
  for (const account of accounts) await untilShown(host.awsUrl, account, options);
  if (signal.aborted) return;
  say(host.hasHttpApi ? commandsText(host, accounts) : accountsText(accounts));
}

async function untilShown(
  awsUrl: string,
  { id, events }: StressAccount,
  { say, signal }: SeedOptions,
): Promise<void> {
  let version = 0;
  for (
    let movedAtMs = Date.now(), saidAtMs = Date.now();
    !signal.aborted;
    await delay(pollMs, undefined, { signal })
  ) {
    const shown = await shownVersion(awsUrl, id, signal);
    if (shown >= events) return;
    if (shown !== version) movedAtMs = Date.now();
    version = shown;
    if (Date.now() - movedAtMs > stuckMs) {
      throw new UserError(
        `Queries show the account ${id} at version ${version} for two minutes: see GET /health.`,
      );
    }
    if (Date.now() - saidAtMs < progressMs) continue;
    saidAtMs = Date.now();
    say(`The read model shows ${version} of the ${events} events of the account ${id}.`);
  }
}

/** The version that queries show, asked as an operator does, without a token; 0 if they do not show the account. */
async function shownVersion(awsUrl: string, id: string, signal: AbortSignal): Promise<number> {
  const request = {
    version: '2.0',
    rawPath: `/ledger/${id}`,
    rawQueryString: '',
    headers: {},
    requestContext: { http: { method: 'GET', path: `/ledger/${id}` } },
    isBase64Encoded: false,
  };
  const response = await fetch(`${awsUrl}/2015-03-31/functions/streamfold-local-api/invocations`, {
    method: 'POST',
    body: JSON.stringify(request),
    signal,
  });
  const { statusCode, body } = (await response.json()) as { statusCode?: number; body?: string };
  return statusCode === 200 ? Number(JSON.parse(body ?? '{}').version) : 0;
}

/** For an app without an HTTP API. */
function accountsText(accounts: readonly StressAccount[]): string {
  const lines = accounts.map(({ id, events }) => `  ${id}: ${events} events`);
  return `The stress accounts are ready. Invoke the function api directly to read them:\n${lines.join('\n')}\n`;
}

/** The middle of a history is a version that only folding it can answer. */
function commandsText(
  { httpUrl, issueToken }: Pick<Host, 'httpUrl' | 'issueToken'>,
  accounts: readonly StressAccount[],
): string {
  const bearer = issueToken ? ' -H "authorization: Bearer $STREAMFOLD_TOKEN"' : '';
  const lines = accounts.flatMap(({ id, events }) => [
    `  # ${events} events: its state, the state in the middle, the first page of its audit trail`,
    ...[`/ledger/${id}`, `/ledger/${id}?version=${Math.ceil(events / 2)}`, `/streams/ledger/${id}`].map(
      (path) => `  curl -s -o /dev/null -w '%{time_total} s\\n'${bearer} '${httpUrl}${path}'`,
    ),
  ]);
  return `The stress accounts are ready:\n${lines.join('\n')}\n`;
}
