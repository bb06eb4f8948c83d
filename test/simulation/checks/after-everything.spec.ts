import { describe, expect, it } from '@jest/globals';
import type { FinalItem, ListAnswer, RecordedHistory } from '../history.ts';
import { checkHistory } from './check-history.ts';
import { accounts, work } from './histories.fixture.ts';
import { todoItems } from './model/todo.ts';
import { storyOf } from './story.ts';

const textsOf = (history: unknown) => checkHistory(history as RecordedHistory).map(({ text }) => text);

describe('the check of items', () => {
  const attributes = { version: '3', byOpening: 'x#a', data: { balance: 5, currency: 'EUR' } };
  const item: FinalItem = {
    ...{ context: 'ledger', generation: 'g1', use: 'written', id: 'a', part: 'row' },
    ...{ stored: attributes, expected: { ...attributes, data: { currency: 'EUR', balance: 5 } } },
  };
  const judged = (change: Partial<FinalItem>) => textsOf({ ...accounts(), items: [{ ...item, ...change }] });

  it('accepts equal items, and anything in a generation that is being built or deleted', () => {
    expect(judged({})).toEqual([]);
    expect(judged({ use: 'open', expected: undefined })).toEqual([]);
  });

  it.each<[string, Partial<FinalItem>]>([
    ['is missing.', { stored: undefined }],
    ['is stored, but no event makes it.', { expected: undefined }],
    ['is left over: the generation was deleted.', { use: 'gone', expected: undefined }],
    ['differs from the fold of its stream in byOpening.', { stored: { ...attributes, byOpening: 'y#a' } }],
    ['differs from the fold of its stream in part.', { stored: { ...attributes, part: 'g1#2' } }],
    ['differs from the fold of its stream in data.', { stored: { ...attributes, data: { balance: 6 } } }],
  ])('finds an item that %s', (words, change) => {
    expect(judged(change)).toEqual([`The item row of ledger a in g1 ${words}`]);
  });
});

describe('the check of lists', () => {
  const history = accounts();
  const stream = storyOf(history).streams.get('ledger/a');
  const lines = (stream?.events ?? []).flatMap(
    (event, index) => (event && stream?.rules.line(stream.states[index + 1], event)) ?? [],
  );
  const endMs = Math.max(...history.operations.flatMap(({ attempts }) => attempts.map((one) => one.endedMs)));
  const asked = { askedMs: endMs + 1_000, lastAskedMs: endMs + 1_005, answeredMs: endMs + 1_010, limit: 2 };
  const statement: ListAnswer = {
    ...{ ...asked, list: 'statement', about: 'a', isFinal: false },
    entries: lines.map(({ key, line }) => ({ key, content: line })).toReversed(),
  };
  const idEntries = (ids: readonly string[]) => ids.map((id) => ({ key: `t#${id}`, content: { id } }));
  const all: ListAnswer = {
    ...{ ...asked, list: 'accounts', isFinal: true, entries: idEntries(['a', 'b', 'c']) },
  };
  const judged = (answer: ListAnswer) => textsOf({ ...history, lists: [answer] });

  it('accepts a whole statement, newest first, and every account', () => {
    expect(lines.length).toBeGreaterThan(2);
    expect([...judged(statement), ...judged(all)]).toEqual([]);
  });

  it('accepts that a statement lacks what was not committed before the question', () => {
    expect(judged({ ...statement, entries: [], askedMs: 0, answeredMs: 1 })).toEqual([]);
  });

  it.each<[RegExp, ListAnswer]>([
    [/has no entry 0+2, which was committed/, { ...statement, entries: statement.entries.slice(0, -1) }],
    [/has 0+\d+ after 0+2/, { ...statement, entries: statement.entries.toReversed() }],
    [/has an entry twice/, { ...statement, entries: statement.entries.flatMap((one) => [one, one]) }],
    [/which no event made/, { ...statement, entries: [{ key: '9', content: {} }, ...statement.entries] }],
    [
      /has 0+\d+ as .* instead of/,
      { ...statement, entries: statement.entries.map((one) => ({ ...one, content: { amount: 7 } })) },
    ],
    [/the list accounts lacks c\./, { ...all, entries: idEntries(['a', 'b']) }],
    [/the list accounts has d\./, { ...all, entries: idEntries(['a', 'b', 'c', 'd']) }],
    [/has t#a after t#b/, { ...all, entries: idEntries(['b', 'a', 'c']) }],
  ])('finds a list that %s', (words, answer) => {
    expect(judged(answer).join('\n')).toMatch(words);
  });

  it('judges metrics by their status, and the TODO list by its items', () => {
    const other = work();
    const ask = (answer: Partial<ListAnswer>) =>
      textsOf({ ...other, lists: [{ ...all, ...answer, askedMs: 1e15, answeredMs: 1e15 }] });
    const list = 'metrics-by-name';
    expect(ask({ list, status: 'archived', entries: idEntries(['m']) })).toEqual([]);
    expect(ask({ list, status: 'archived', entries: idEntries(['n']) })).toHaveLength(2);
    const { events = [] } = storyOf(other).streams.get('metrics/n') ?? {};
    const ids = todoItems(
      'metrics/n',
      events.flatMap((event) => event ?? []),
    ).map(({ line }) => String(line['id']));
    expect(ids.length).toBeGreaterThan(0);
    const items = ids.toSorted();
    expect(ask({ list: 'todo', about: 'metrics/n', entries: idEntries(items) })).toEqual([]);
    expect(ask({ list: 'todo', about: 'metrics/n', entries: [] })).toHaveLength(ids.length);
  });
});

describe('the check of automations', () => {
  const swept = { deadLetters: [], sweptMs: 1e15 };

  it('accepts that everything is done', () => {
    expect(textsOf({ ...work(), ...swept })).toEqual([]);
  });

  it('finds a message that always fails', () => {
    expect(textsOf({ ...work(), deadLetters: ['findings: findings-1'] })).toEqual([
      'A message fails whenever it is moved back: findings: findings-1.',
    ]);
  });

  it.each([
    ['Metric:Expired', 'Nobody notices that the deadline of metrics/n has passed.'],
    ['Dispense:PrescriptionAnalyzed', 'The newest upload of dispense/d is never analyzed.'],
  ])('finds that %s is not recorded', (type, words) => {
    const history = work();
    history.commits = history.commits.filter(({ events }) => events.every((event) => event.type !== type));
    // Without its last commit, a stream ends there.
    const stream = type.startsWith('Metric') ? 'metrics/n' : 'dispense/d';
    const cut =
      work().commits.find(({ events }) => events.some((event) => event.type === type))?.version ?? 0;
    history.commits = history.commits.filter((one) => one.stream !== stream || one.version < cut);
    expect(textsOf({ ...history, ...swept })).toContain(words);
  });
});

it('the check of reads finds a row that has vanished', () => {
  const history = work();
  const [read] = history.reads;
  const later = { ...read, found: undefined, askedMs: (read?.answeredMs ?? 0) + 600_000, answeredMs: 1e15 };
  expect(textsOf({ ...history, reads: [...history.reads, later] })).toEqual([
    'A row of metrics/n is gone: an answer long before the question had it.',
  ]);
});
