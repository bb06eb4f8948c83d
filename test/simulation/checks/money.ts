import type { PastAnswer } from '../history.ts';
import type { Check, Report } from './check.ts';
import { decimalOf, minorUnits } from './model/money.ts';
import type { Story } from './story.ts';
import type { StreamStory } from './stream-story.ts';

/**
 * Somebody who adds the balances of all accounts at one instant finds what was paid in until then, less what was paid out: no
 * transfer is counted twice, or on one account only.
 */
export const moneyCheck: Check = {
  name: 'money is conserved at every instant',
  judge: (story, report) => {
    const accounts = [...story.streams.values()].filter(({ context }) => context === 'ledger');
    const asked = story.history.pasts.filter(({ context, point }) => context === 'ledger' && 'at' in point);
    for (const [at, answers] of Map.groupBy(asked, ({ point }) => ('at' in point ? point.at : ''))) {
      // Equal questions have equal answers: another check says so.
      const byAccount = new Map(answers.toReversed().map((answer) => [answer.id, answer]));
      const isComplete = accounts.every(
        ({ id, commits }) => byAccount.has(id) || !commits.some(({ commit }) => commit.committedAt <= at),
      );
      if (isComplete) judgeInstant(accounts, [...byAccount.values()], at, report);
    }
    judgeTransfers(story, report);
  },
};

function judgeInstant(
  accounts: readonly StreamStory[],
  answers: readonly PastAnswer[],
  at: string,
  report: Report,
): void {
  const sums = new Map<string, number>();
  for (const { found } of answers) {
    if (found === undefined) continue;
    const currency = String(found.row['currency']);
    add(sums, currency, unitsOf(found.row['balance'], currency));
  }
  const paid = new Map<string, number>();
  for (const { commits } of accounts) {
    let currency = '';
    for (const { type, data, committedAt } of commits.flatMap(({ events }) => events)) {
      if (type === 'Ledger:Opened') currency = String(data['currency']);
      if (committedAt > at) continue;
      if (type === 'Ledger:Credited') add(paid, currency, Number(data['amount']));
      if (type === 'Ledger:Debited') add(paid, currency, -Number(data['amount']));
    }
  }
  for (const currency of new Set([...sums.keys(), ...paid.keys()])) {
    const [sum, expected] = [sums.get(currency) ?? 0, paid.get(currency) ?? 0];
    if (sum === expected) continue;
    const found = `the balances in ${currency} are ${decimalOf(sum, currency)} together`;
    report(
      `At ${at} ${found}, but ${decimalOf(expected, currency)} were paid in and not out.`,
      answers[0]?.answeredMs,
    );
  }
}

function add(sums: Map<string, number>, currency: string, units: number): void {
  sums.set(currency, (sums.get(currency) ?? 0) + units);
}

/** A balance as it is stored, or as the API shows it. */
function unitsOf(balance: unknown, currency: string): number {
  if (typeof balance === 'number') return balance;
  const text = String(balance);
  const units = Number(minorUnits(text.replace('-', ''), currency));
  return text.startsWith('-') ? -units : units;
}

/** What is sent is received: in the log, at the same time. */
function judgeTransfers({ streams }: Story, report: Report): void {
  const open = new Map<string, number>();
  for (const { commits } of streams.values()) {
    for (const { type, data, committedAt } of commits.flatMap(({ events }) => events)) {
      const sign = type === 'Ledger:TransferSent' ? 1 : type === 'Ledger:TransferReceived' ? -1 : 0;
      if (sign !== 0)
        add(open, `${String(data['transferId'])} at ${committedAt}`, sign * Number(data['amount']));
    }
  }
  for (const [transfer, units] of open) {
    if (units !== 0)
      report(`Transfer ${transfer}: sent and received amounts differ by ${units} minor units.`);
  }
}
