import { describe, expect, it } from '@jest/globals';
import { checkHistory } from './check-history.ts';
import { work } from './histories.fixture.ts';
import { type History, must } from './sequential-history.fixture.ts';

const commitOf = ({ commits }: History, type: string) =>
  must(commits.find(({ events }) => events.some((event) => event.type === type)));
const eventOf = (history: History, type: string) =>
  must(commitOf(history, type).events.find((event) => event.type === type));
const answerTo = ({ operations }: History, command: string, id: string) =>
  must(operations.findLast(({ command: one }) => one.do === command && one.id === id)?.attempts.at(-1));
const bodyOf = (history: History, command: string, id: string) => {
  const { answer } = answerTo(history, command, id);
  if (answer.outcome !== 'changed') throw new Error('The answer is not what the spec expects.');
  return answer;
};
const todoRow = ({ rows }: History, id: string) =>
  must(rows.find((row) => row.context === 'todo' && row.id === id));

const answers = 'events and answers equal those of a sequential run';
const carriedOut = 'every acknowledged command is in the log, once, and nothing else is';
const times = 'commits have the time of their append';
const refusals = 'refusals have a reason';
const order = 'later commands have later versions';
const reads = 'rows show what was committed';
const rows = 'every row equals the fold of its stream';
const todo = 'the TODO list equals its rules';
const progress = 'progress is never overstated';

const planted: readonly (readonly [string, string, (history: History) => void])[] = [
  [
    answers,
    'another status of a metric',
    (history) => {
      bodyOf(history, 'archive', 'm').body = { status: 'successful', value: 13 };
    },
  ],
  [
    answers,
    'another state of a dispense',
    (history) => {
      bodyOf(history, 'add-drugs', 'd').body = { state: 'pending' };
    },
  ],
  [
    answers,
    'another value',
    (history) => {
      const event = eventOf(history, 'Metric:ValueRecorded');
      event.data = { ...event.data, value: 6 };
    },
  ],
  [
    answers,
    'a target that is reached by no value',
    (history) => {
      const commit = commitOf(history, 'Metric:TargetReached');
      commit.events = commit.events.toSorted((a) => (a.type === 'Metric:TargetReached' ? -1 : 1));
    },
  ],
  [
    answers,
    'another direction of a target',
    (history) => {
      const event = eventOf(history, 'Metric:TargetSet');
      event.data = { ...event.data, direction: 'at-most' };
    },
  ],
  [
    answers,
    'an event before its command',
    (history) => {
      eventOf(history, 'Metric:Archived').data = { at: '2026-03-01T09:00:00.000Z' };
    },
  ],
  [
    answers,
    'an expiry before its deadline',
    (history) => {
      commitOf(history, 'Metric:Expired').committedAt = commitOf(history, 'Metric:TargetSet').committedAt;
    },
  ],
  [
    answers,
    'the result of another upload',
    (history) => {
      const event = eventOf(history, 'Dispense:PrescriptionAnalyzed');
      event.data = { ...event.data, uploadEventId: 'another' };
    },
  ],
  [
    answers,
    'the result of a further page for all pages',
    (history) => {
      const event = must(
        history.commits.flatMap(({ events }) => events).find(({ id }) => id === 'dispense/e-7'),
      );
      event.data = { ...event.data, drugs: [{ name: 'doubtful' }] };
    },
  ],
  [
    answers,
    'a doubtful reading that is trusted',
    (history) => {
      const event = eventOf(history, 'Dispense:PrescriptionAnalyzed');
      event.data = { ...event.data, trusted: true };
    },
  ],
  [
    answers,
    'a completion that nobody confirmed',
    (history) => {
      const confirmed = commitOf(history, 'Dispense:AnalysisConfirmed');
      const { stream, version } = confirmed;
      history.commits = history.commits.filter((commit) => commit !== confirmed);
      history.operations = history.operations.filter(({ command }) => command.do !== 'confirm');
      for (const commit of history.commits)
        if (commit.stream === stream && commit.version > version) commit.version -= 1;
    },
  ],
  [
    answers,
    'a confirmation of an older reading',
    (history) => {
      const event = eventOf(history, 'Dispense:AnalysisConfirmed');
      event.data = { ...event.data, uploadEventId: 'dispense/d-1' };
    },
  ],
  [
    answers,
    'drugs that confirm what nobody has seen',
    (history) => {
      const event = eventOf(history, 'Dispense:DrugsAdded');
      event.data = { ...event.data, confirmsAnalysis: true };
    },
  ],
  [
    answers,
    'a page that replaces the others',
    (history) => {
      const event = must(
        history.commits.flatMap(({ events }) => events).find(({ id }) => id === 'dispense/e-6'),
      );
      event.data = { ...event.data, earlierKeys: [] };
    },
  ],
  [
    answers,
    'other drugs',
    (history) => {
      const event = eventOf(history, 'Dispense:DrugsAdded');
      event.data = {
        ...event.data,
        drugs: [{ name: 'Ibuprofen' }, { name: 'Ibuprofen' }],
      };
    },
  ],
  [
    answers,
    'a result that is recorded twice',
    (history) => {
      const result = commitOf(history, 'Dispense:PrescriptionAnalyzed');
      history.commits.push({ ...result, version: 7, commandId: 'once more' });
    },
  ],
  [
    carriedOut,
    'an automation that writes something else',
    (history) => {
      commitOf(history, 'Metric:Expired').events = [{ id: 'e', type: 'Metric:Archived', data: { at: '' } }];
    },
  ],
  [
    times,
    'an append that took too long',
    (history) => {
      const commit = commitOf(history, 'Metric:Expired');
      commit.appendedMs = must(commit.appendedMs) + 2_600;
    },
  ],
  [
    times,
    'a time in the future',
    (history) => {
      const commit = commitOf(history, 'Metric:Expired');
      commit.appendedMs = must(commit.appendedMs) - 600;
    },
  ],
  [
    refusals,
    'a refusal without a reason',
    (history) => {
      answerTo(history, 'record', 'm').answer = { outcome: 'refused', code: 'metrics/not-found' };
    },
  ],
  [
    refusals,
    'a refusal for the reason of a later state',
    (history) => {
      const first = must(history.operations.find(({ command }) => command.do === 'complete')?.attempts[0]);
      first.answer = { outcome: 'refused', code: 'dispense/complete' };
    },
  ],
  [
    refusals,
    'a refused version that the stream had',
    (history) => {
      must(history.operations.find(({ expectedVersion }) => expectedVersion === 2)).expectedVersion = 5;
    },
  ],
  [
    refusals,
    'a key that nobody else used',
    (history) => {
      answerTo(history, 'record', 'm').answer = { outcome: 'failed', code: 'idempotency-key-reused' };
    },
  ],
  [
    refusals,
    'a failure without a cause',
    (history) => {
      answerTo(history, 'record', 'm').answer = { outcome: 'failed', code: 'log-changed' };
    },
  ],
  [
    order,
    'a command that overtakes an earlier one',
    (history) => {
      const [patient, drugs] = ['add-patient', 'add-drugs'].map((step) =>
        must(history.operations.find(({ command }) => command.do === step)?.attempts[0]),
      );
      const { sentMs } = must(patient);
      Object.assign(must(patient), { sentMs: must(drugs).endedMs + 1, endedMs: must(drugs).endedMs + 9 });
      Object.assign(must(drugs), { sentMs });
    },
  ],
  [
    reads,
    'a fresh row that is too old',
    ({ reads: all }) => {
      must(all.find(({ isFresh }) => isFresh)?.found).version -= 1;
    },
  ],
  [
    reads,
    'a fresh row that is missing',
    ({ reads: all }) => {
      must(all.find(({ isFresh }) => isFresh)).found = undefined;
    },
  ],
  [
    reads,
    'a row of the future',
    ({ reads: all }) => {
      must(all.find(({ isFresh }) => !isFresh)?.found).version += 1;
    },
  ],
  [
    reads,
    'a row with another status',
    ({ reads: all }) => {
      const found = must(all[0]?.found);
      found.row = { ...found.row, status: 'expired' };
    },
  ],
  [
    reads,
    'a row in the middle of a commit',
    ({ reads: all }) => {
      const read = must(all.find(({ context, id }) => context === 'metrics' && id === 'm'));
      Object.assign(read, { isFresh: false, found: { ...must(read.found), version: 2 } });
    },
  ],
  [
    rows,
    'another outcome of a target',
    ({ rows: all }) => {
      const row = must(all.find(({ id }) => id === 'n'));
      const { metric } = row.row as { metric: { target: object } };
      row.row = { ...row.row, metric: { ...metric, target: { ...metric.target, outcome: 'pending' } } };
    },
  ],
  [
    rows,
    'a missing value',
    ({ rows: all }) => {
      must(all.find(({ id }) => id === 'n')).lines.pop();
    },
  ],
  [
    rows,
    'another state of a row',
    ({ rows: all }) => {
      const row = must(all.find(({ id }) => id === 'd'));
      row.row = { ...row.row, state: 'ready' };
    },
  ],
  [
    todo,
    'an item that is still open',
    (history) => {
      const line = must(todoRow(history, 'dispense/d').lines[0]);
      line.line = { ...line.line, status: 'open' };
    },
  ],
  [todo, 'a missing item', (history) => todoRow(history, 'metrics/n').lines.pop()],
  [
    todo,
    'an item too many',
    (history) => {
      const { lines } = todoRow(history, 'metrics/n');
      lines.push({ ...must(lines[0]), key: '0000000000000001#settle-overdraft' });
    },
  ],
  [
    todo,
    'a row that is too old',
    (history) => {
      todoRow(history, 'metrics/n').version = 2;
    },
  ],
  [
    todo,
    'a missing row',
    (history) => history.rows.splice(history.rows.indexOf(todoRow(history, 'metrics/n')), 1),
  ],
  [
    progress,
    'progress without a row',
    ({ progress: [note] }) => {
      must(note).rowVersions[3] = 1;
    },
  ],
  [
    progress,
    'progress without versions',
    ({ progress: [note] }) => {
      must(note).rowVersions = [];
    },
  ],
];

describe('the checks of metrics, dispenses and the TODO list', () => {
  it('are silent about a history without faults', () => {
    expect(checkHistory(work())).toEqual([]);
  });

  it.each(planted)('"%s" finds %s', (name, _what, plant) => {
    const history = work();
    plant(history);
    expect(checkHistory(history).filter(({ check }) => check === name)).not.toEqual([]);
  });
});
