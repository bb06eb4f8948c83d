import { describe, expect, it } from '@jest/globals';
import type { Commit } from '../../lambdas/kernel/index.ts';
import type { ContextName } from './contexts.ts';
import { nth, reported } from './driven.fixture.ts';
import type { Faults } from './memory.fixture.ts';

type Body = Record<string, unknown>;

/** The nth commit that ends with an event of this type is changed before it is stored. */
function stored(n: number, type: string, change: (commit: Commit) => Commit | undefined): Faults {
  const isMeant = nth<Commit>(n, ({ events }) => events.at(-1)?.type === type);
  return { store: (commit) => (isMeant(commit) ? change(commit) : commit) };
}

const lost = () => undefined;

/** Its first event is there twice. */
function doubled(commit: Commit): Commit {
  const events = commit.events.flatMap((event) => [event, { ...event, id: `${event.id.slice(0, -1)}x` }]);
  return { ...commit, events };
}

/** Adds one to this member of its last event's data. */
const plusOne =
  (member: string) =>
  (commit: Commit): Commit => {
    const last = commit.events.length - 1;
    const changed = (data: Body) => ({ ...data, [member]: Number(data[member]) + 1 });
    const events = commit.events.map((event, index) =>
      index === last ? { ...event, data: changed(event.data as Body) } : event,
    );
    return { ...commit, events };
  };

/** The read model keeps the first stream that reaches this version at it. */
function staleAfter(version: number): Faults {
  let stream: string | undefined;
  const isProjected = (commit: Commit) => {
    if (commit.version >= version) stream ??= commit.stream;
    return commit.stream !== stream;
  };
  return { isProjected };
}

const anotherTransfer = /The transfer \S+ of \S+ from \S+ to \S+ has the sides: /;

describe('traffic reports', () => {
  it.each<[string, ContextName, Faults, RegExp]>([
    ['a lost credit', 'ledger', stored(40, 'Ledger:Credited', lost), /balance is [\d.]+, expected [\d.]+/],
    ['a lost debit', 'ledger', stored(9, 'Ledger:Debited', lost), /balance is [\d.]+, expected [\d.]+/],
    ['a lost closing', 'ledger', stored(1, 'Ledger:Closed', lost), /expected: ledger.closed/],
    ['a doubled credit', 'ledger', stored(40, 'Ledger:Credited', doubled), /belongs to no acknowledged/],
    ['another amount', 'ledger', stored(40, 'Ledger:Credited', plusOne('amount')), /amount is [\d.]+, exp/],
    ['no receiver', 'ledger', stored(5, 'Ledger:TransferReceived', lost), anotherTransfer],
    ['no sender', 'ledger', stored(5, 'Ledger:TransferSent', lost), anotherTransfer],
    ['two receivers', 'ledger', stored(5, 'Ledger:TransferReceived', doubled), anotherTransfer],
    ['two amounts', 'ledger', stored(5, 'Ledger:TransferReceived', plusOne('amount')), anotherTransfer],
    ['a stale account', 'ledger', staleAfter(9), /version is \d+, expected \d+/],
    ['a lost value', 'metrics', stored(40, 'Metric:ValueRecorded', lost), /value [\d.-]+ is missing/],
    ['a doubled value', 'metrics', stored(40, 'Metric:ValueRecorded', doubled), /value [\d.-]+ is there 2 t/],
    ['another value', 'metrics', stored(40, 'Metric:ValueRecorded', plusOne('value')), /belongs to no ackn/],
    [
      'another target',
      'metrics',
      stored(9, 'Metric:TargetSet', plusOne('value')),
      /target.value is \d+, exp/,
    ],
    ['a lost target', 'metrics', stored(9, 'Metric:TargetSet', lost), /acknowledged to two commands/],
    ['a lost archiving', 'metrics', stored(2, 'Metric:Archived', lost), /status is \w+, expected archived/],
    ['a stale metric', 'metrics', staleAfter(9), /version is \d+, expected \d+/],
  ])('%s in what the %s stored', async (_what, name, faults, sentence) => {
    expect(await reported(name, faults)).toMatch(sentence);
  });
});
