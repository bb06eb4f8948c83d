import { describe, expect, it } from '@jest/globals';
import { checkHistory } from './check-history.ts';
import { accounts } from './histories.fixture.ts';
import { type History, must } from './sequential-history.fixture.ts';

const changedAnswer = (history: History, operation: number, attempt = -1) => {
  const answer = must(history.operations[operation]?.attempts.at(attempt)).answer;
  if (answer.outcome !== 'changed') throw new Error('The answer is not what the spec expects.');
  return answer;
};

const versions = 'the versions of a stream are gapless, and its times never decrease';
const carriedOut = 'every acknowledged command is in the log, once, and nothing else is';
const answers = 'events and answers equal those of a sequential run';
const keys = 'every key is answered the same';
const past = 'the past never changes';
const money = 'money is conserved at every instant';
const rows = 'every row equals the fold of its stream';
const parked = 'nothing is parked without a cause';

const planted: readonly (readonly [string, string, (history: History) => void])[] = [
  [versions, 'a lost commit', ({ commits }) => commits.splice(1, 1)],
  [versions, 'a version twice', ({ commits }) => commits.push({ ...must(commits[1]), commandId: 'other' })],
  [
    versions,
    'a time that decreases',
    ({ commits }) => {
      must(commits[1]).committedAt = '2026-01-01T00:00:00.000Z';
    },
  ],
  [carriedOut, 'a lost commit', ({ commits }) => commits.splice(1, 1)],
  [
    keys,
    'a first answer that is said to be lost',
    ({ operations }) => {
      const answer = { outcome: 'failed', code: 'already-carried-out' } as const;
      const { attempts } = must(operations[0]);
      attempts.push({ ...must(attempts[0]), answer });
    },
  ],
  [
    carriedOut,
    'a command that was carried out twice',
    ({ commits }) => {
      const last = must(commits.findLast(({ stream }) => stream === 'ledger/a'));
      commits.push({ ...must(commits[1]), version: last.version + 1 });
    },
  ],
  [
    carriedOut,
    'a commit that nobody asked for',
    ({ commits }) => {
      const last = must(commits.findLast(({ stream }) => stream === 'ledger/a'));
      commits.push({ ...last, version: last.version + 1, commandId: 'of a stranger' });
    },
  ],
  [
    carriedOut,
    'half a transfer',
    ({ commits }) => {
      commits.splice(
        commits.findIndex(({ stream, version }) => stream === 'ledger/b' && version === 2),
        1,
      );
    },
  ],
  [
    carriedOut,
    'the other half of a transfer',
    ({ commits }) => {
      commits.splice(
        commits.findIndex(({ stream, version }) => stream === 'ledger/a' && version === 3),
        1,
      );
    },
  ],
  [
    carriedOut,
    'another version in the answer',
    (history) => {
      changedAnswer(history, 6).version += 1;
    },
  ],
  [
    carriedOut,
    'an answer before its commit',
    ({ commits }) => {
      must(commits[1]).appendedMs = must(commits[1]?.appendedMs) + 60;
    },
  ],
  [
    carriedOut,
    'a first answer to a retry',
    (history) => {
      changedAnswer(history, 1).repeated = false;
    },
  ],
  [
    carriedOut,
    'a refusal of a command that was carried out',
    (history) => {
      must(history.operations[6]?.attempts[0]).answer = {
        outcome: 'refused',
        code: 'ledger/insufficient-funds',
      };
    },
  ],
  [
    answers,
    'another balance in an answer',
    (history) => {
      changedAnswer(history, 6).body = { balance: '1.00', currency: 'EUR' };
    },
  ],
  [
    answers,
    'another amount in an event',
    ({ commits }) => {
      must(must(commits[1]).events[0]).data = { amount: 3_451 };
    },
  ],
  [
    answers,
    'another receiver',
    ({ commits }) => {
      const sent = must(commits.find(({ events }) => events[0]?.type === 'Ledger:TransferSent'));
      const event = must(sent.events[0]);
      event.data = { ...event.data, to: 'c' };
    },
  ],
  [
    answers,
    'a debit that the balance does not permit',
    ({ commits, operations }) => {
      const debited = must(operations[6]);
      debited.command = { context: 'ledger', do: 'debit', id: 'a', amount: '1000' };
      const commit = must(commits.find(({ commandId }) => commandId === debited.commandId));
      must(commit.events[0]).data = { amount: 100_000 };
    },
  ],
  [
    answers,
    'a command at another version than it expects',
    ({ operations }) => {
      must(operations[6]).expectedVersion = 2;
    },
  ],
  [
    answers,
    'an unchanged answer where there was something to do',
    (history) => {
      const attempt = must(history.operations[7]?.attempts[0]);
      attempt.answer = { outcome: 'unchanged', repeated: false, version: 4, created: false, body: {} };
    },
  ],
  [
    keys,
    'another answer to a repetition',
    (history) => {
      changedAnswer(history, 3).body = { balance: '1.00', currency: 'EUR' };
    },
  ],
  [
    keys,
    'a refused repetition',
    (history) => {
      must(history.operations[3]?.attempts.at(-1)).answer = { outcome: 'refused', code: 'ledger/closed' };
    },
  ],
  [
    keys,
    'two first answers',
    (history) => {
      changedAnswer(history, 3, -2).repeated = false;
      changedAnswer(history, 3, -1).repeated = false;
    },
  ],
  [
    keys,
    'a repeated answer to the only attempt',
    (history) => {
      changedAnswer(history, 6).repeated = true;
    },
  ],
  [
    keys,
    'a misused key that is answered by a rule',
    (history) => {
      must(history.operations[8]?.attempts[0]).answer = { outcome: 'refused', code: 'ledger/closed' };
    },
  ],
  [
    keys,
    'a misused key that is carried out in addition',
    ({ commits, operations }) => {
      const last = must(commits.findLast(({ stream }) => stream === 'ledger/a'));
      const events = [{ id: 'more', type: 'Ledger:Credited', data: { amount: 900 } }];
      const commandId = must(operations[8]?.commandId);
      commits.push({ ...last, version: last.version + 1, commandId, events });
    },
  ],
  [
    past,
    'an answer that changes',
    ({ pasts }) => {
      must(pasts[2]).found = undefined;
    },
  ],
  [
    past,
    'another balance at an instant',
    ({ pasts }) => {
      for (const { found } of pasts.slice(0, 4)) if (found) found.row = { ...found.row, balance: 1 };
    },
  ],
  [
    past,
    'another version at an instant',
    ({ pasts }) => {
      for (const { found, id } of pasts.slice(0, 4)) if (found && id === 'a') found.version = 2;
    },
  ],
  [
    past,
    'a version that is not found',
    ({ pasts }) => {
      must(pasts.find(({ point }) => 'version' in point && point.version === 2)).found = undefined;
    },
  ],
  [
    past,
    'another version than the one that was asked for',
    ({ pasts }) => {
      must(pasts.find(({ point }) => 'version' in point && point.version === 2)?.found).version = 3;
    },
  ],
  [
    money,
    'balances that are too high together',
    ({ pasts }) => {
      const { row } = must(pasts[0]?.found);
      must(pasts[0]?.found).row = { ...row, balance: '40.00' };
      must(pasts[2]?.found).row = { ...row, balance: '40.00' };
    },
  ],
  [
    money,
    'a transfer that arrives later',
    ({ commits }) => {
      const received = must(commits.find(({ events }) => events[0]?.type === 'Ledger:TransferReceived'));
      received.committedAt = '2026-03-01T11:00:00.000Z';
    },
  ],
  [
    rows,
    'a row at a lower version',
    (history) => {
      must(history.rows[0]).version -= 1;
    },
  ],
  [
    rows,
    'another balance in a row',
    ({ rows: [row] }) => {
      must(row).row = { ...must(row).row, balance: 7 };
      must(must(row).folded).row = { ...must(row).row };
    },
  ],
  [
    rows,
    'a row that is not its fold',
    ({ rows: [row] }) => {
      must(must(row).folded).row = { ...must(row).row, name: 'Travel' };
    },
  ],
  [
    rows,
    'a missing row beside its fold',
    ({ rows: [row] }) => {
      Object.assign(must(row), { version: 0, row: {}, lines: [] });
    },
  ],
  [rows, 'a missing row in one generation', (history) => history.rows.splice(0, 1)],
  [
    rows,
    'a row without a stream',
    (history) => {
      history.rows.push({ ...must(history.rows[0]), id: 'nobody' });
    },
  ],
  [
    rows,
    'no rows at all',
    (history) => {
      history.rows = [];
    },
  ],
  [
    rows,
    'a missing line',
    ({ rows: [row] }) => {
      must(row).lines.pop();
    },
  ],
  [
    rows,
    'another line',
    ({ rows: [row] }) => {
      const line = must(must(row).lines[0]);
      line.line = { ...line.line, amount: 1 };
      must(must(row).folded).lines = must(row).lines;
    },
  ],
  [
    rows,
    'a line too many',
    ({ rows: [row] }) => {
      must(row).lines.push({ ...must(must(row).lines[0]), key: '0000000000000099' });
    },
  ],
  [
    parked,
    'a parked stream',
    (history) => {
      history.parked.push({ consumer: 'ledger', subject: 'ledger/a', reason: 'no idea' });
    },
  ],
];

describe('the checks of accounts', () => {
  it('are silent about a history without faults', () => {
    expect(checkHistory(accounts())).toEqual([]);
  });

  it.each(planted)('"%s" finds %s', (name, _what, plant) => {
    const history = accounts();
    plant(history);
    expect(checkHistory(history).filter(({ check }) => check === name)).not.toEqual([]);
  });
});
