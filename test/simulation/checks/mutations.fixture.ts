import { type History, must } from './sequential-history.fixture.ts';

/** Spoils a history in one place. False: the history has no such place. `pick`: an index below a number. */
export type Mutation = (history: History, pick: (below: number) => number) => boolean;

type Commit = History['commits'][number];
type Answer = History['operations'][number]['attempts'][number]['answer'];
type Changed = Extract<Answer, { outcome: 'changed' | 'unchanged' }>;

/** Changes one of the things, if there is one. */
function one<T>(
  all: readonly T[],
  pick: (below: number) => number,
  change: (thing: T, index: number) => void,
): boolean {
  if (all.length === 0) return false;
  const index = pick(all.length);
  change(all[index] as T, index);
  return true;
}

const lastOf = ({ version, events }: Commit) => version + events.length - 1;
const attemptsOf = ({ operations }: History) => operations.flatMap(({ attempts }) => attempts);
const changedOf = (history: History) =>
  attemptsOf(history)
    .map(({ answer }) => answer)
    .filter((answer): answer is Changed => answer.outcome === 'changed');

/** Every mutation makes a history wrong, wherever it strikes. */
export const mutations: Readonly<Record<string, Mutation>> = {
  'a lost commit': ({ commits }, pick) => one(commits, pick, (_, index) => commits.splice(index, 1)),
  'a commit twice': ({ commits }, pick) =>
    one(commits, pick, (commit) => {
      const ofStream = commits.filter(({ stream }) => stream === commit.stream);
      commits.push({ ...commit, version: Math.max(...ofStream.map(lastOf)) + 1 });
    }),
  // The commit on the receiving account is known by its transfer.
  'a commit of nobody': ({ commits }, pick) =>
    one(
      commits.filter(({ events }) => events.every(({ type }) => type !== 'Ledger:TransferReceived')),
      pick,
      (commit) => {
        commit.commandId = 'of nobody';
      },
    ),
  'two commits in the other order': ({ commits }, pick) =>
    one(
      commits.filter(({ version }) => version > 1),
      pick,
      (commit) => {
        const before = must(
          commits.find((other) => other.stream === commit.stream && lastOf(other) === commit.version - 1),
        );
        commit.version = before.version;
        before.version += commit.events.length;
      },
    ),
  'an earlier time': ({ commits }, pick) =>
    one(commits, pick, (commit) => {
      commit.committedAt = new Date(Date.parse(commit.committedAt) - 3_600_000).toISOString();
    }),
  'another amount or value in an event': ({ commits }, pick) =>
    one(
      commits.flatMap(({ events }) => events).filter(({ data }) => 'amount' in data || 'value' in data),
      pick,
      (event) => {
        const data = event.data as { readonly amount?: number; readonly value?: number };
        const isAmount = data.amount !== undefined;
        event.data = isAmount
          ? { ...data, amount: data.amount + 1 }
          : { ...data, value: (data.value ?? 0) + 1 };
      },
    ),
  'another answer': (history, pick) =>
    one(changedOf(history), pick, (answer) => {
      answer.body = { balance: '0.01', status: 'lost', state: 'lost' };
    }),
  'another version in an answer': (history, pick) =>
    one(changedOf(history), pick, (answer) => {
      answer.version += 1;
    }),
  'two answers exchanged': (history, pick) =>
    one(attemptsOf(history), pick, (attempt) => {
      const others = attemptsOf(history).filter(
        ({ answer }) => JSON.stringify(answer) !== JSON.stringify(attempt.answer),
      );
      // Without an answer, nothing is promised.
      const other = others.find(({ answer }) => answer.outcome !== 'unanswered');
      if (other === undefined || attempt.answer.outcome === 'unanswered') attempt.answer = refusal;
      else [attempt.answer, other.answer] = [other.answer, attempt.answer];
    }),
  'an invented refusal': (history, pick) =>
    one(attemptsOf(history), pick, (attempt) => {
      attempt.answer = refusal;
    }),
  'an answer about the past without an event': ({ pasts }, pick) =>
    one(
      pasts.filter(({ found }) => found !== undefined),
      pick,
      (past) => {
        must(past.found).version -= 1;
      },
    ),
  'another row in the past': ({ pasts }, pick) =>
    one(
      pasts.filter(({ found }) => found !== undefined),
      pick,
      (past) => {
        must(past.found).row = { ...must(past.found).row, updatedAt: '2026-01-01T00:00:00.000Z' };
      },
    ),
  'a fresh row that is too old': ({ reads }, pick) =>
    one(
      reads.filter(({ isFresh, found }) => isFresh && found !== undefined),
      pick,
      (read) => {
        must(read.found).version -= 1;
      },
    ),
  'a row of the future': ({ reads }, pick) =>
    one(
      reads.filter(({ found }) => found !== undefined),
      pick,
      (read) => {
        must(read.found).version += 1;
      },
    ),
  'a final row at a lower version': ({ rows }, pick) =>
    one(rows, pick, (row) => {
      row.version -= 1;
    }),
  'a final row that is missing': ({ rows }, pick) => one(rows, pick, (_, index) => rows.splice(index, 1)),
  'a final row with another time': ({ rows }, pick) =>
    one(
      rows.filter(({ context }) => context !== 'todo'),
      pick,
      (row) => {
        row.row = { ...row.row, updatedAt: '2026-01-01T00:00:00.000Z' };
        delete row.folded;
      },
    ),
  'a missing line': ({ rows }, pick) =>
    one(
      rows.filter(({ lines }) => lines.length > 0),
      pick,
      (row) => {
        row.lines.splice(pick(row.lines.length), 1);
        delete row.folded;
      },
    ),
  'progress before its row': ({ progress }, pick) =>
    one(
      progress.filter(({ handled }) => handled.length > 0),
      pick,
      (note) => {
        const index = pick(note.handled.length);
        note.rowVersions[index] = must(note.handled[index]).lastVersion - 1;
      },
    ),
  'a parked stream': ({ parked }) =>
    parked.push({ consumer: 'ledger', subject: 'ledger/a', reason: 'unknown' }) > 0,
};

const refusal: Answer = { outcome: 'refused', code: 'nobody/knows' };
