import { describe, expect, it } from '@jest/globals';
import type { Act, Plan } from '../plan.ts';
import type { Fault } from '../world/faults.ts';
import { planText } from './words.ts';

const open: Act = {
  ...{ kind: 'command', atMs: 0, who: 'ann', key: 'k1', attempts: 3, patienceMs: 5_000, expectedVersion: 0 },
  command: { context: 'ledger', do: 'open', id: 'acc-1', currency: 'EUR', overdraftLimit: '10.00' },
};
const acts: readonly Act[] = [
  open,
  {
    ...open,
    atMs: 1,
    who: 'bob',
    attempts: 1,
    misusesKeyOf: 0,
    command: { context: 'metrics', do: 'record', id: 'm-1', values: [1, 2.5] },
  },
  { kind: 'again', atMs: 2, who: 'ann', act: 0 },
  { kind: 'ask-past', atMs: 3, who: 'eve', agoMs: 1_500, laterMs: 72_000_000 },
  { kind: 'redrive', atMs: 4 },
  { kind: 'catch-up', atMs: 5 },
  { kind: 'damage-and-repair', atMs: 6, readModel: 'ledger', id: 'acc-1' },
  { kind: 'list', atMs: 7, who: 'eve', list: 'statement', about: 'acc-1', limit: 5 },
  { kind: 'interfere', atMs: 8, readModel: 'todo', action: 'undo' },
  { kind: 'repair', atMs: 9, readModel: 'metrics', id: 'm-1' },
  { kind: 'sweep', atMs: 9, runs: 2 },
];
const span = { fromMs: 10_000, forMs: 300_000 };
const faults: readonly Fault[] = [
  { kind: 'stale-reads', ...span, upToMs: 900 },
  { kind: 'killed', function: 'api', fromMs: 10_001, afterCalls: 4, moment: 'under-way' },
  { kind: 'clock-skew', function: 'api', ...span, skewMs: -400 },
  { kind: 'paused', consumer: 'publisher', ...span },
  { kind: 'delivered-again', consumer: 'publisher', ...span, chance: 0.25, lateMs: 1_000 },
  { kind: 'shard-split', stream: 'log', fromMs: 10_002 },
  { kind: 'throttled', fromMs: 10_003, forMs: 60_000, service: 'sqs', only: 'todo', chance: 1 },
  { kind: 'snapshots-damaged', fromMs: 10_003, share: 0.5 },
  { kind: 'rolling-deploy', ...span, readersFirst: false },
  { kind: 'rolling-deploy', ...span, readersFirst: true },
];

describe('a plan in words', () => {
  it('says who does what and what goes wrong, in the order of time', () => {
    const plan = { seed: 1, acts, faults } as unknown as Plan;
    expect(planText(plan).map((line) => line.trim())).toEqual([
      '0.000s  ann asks: open ledger/acc-1, currency EUR, overdraftLimit 10.00 (key k1, at version 0, up to 3 attempts, each waits 5 s)',
      '0.001s  bob asks: record metrics/m-1, values 1 2.5 (key k1, which is the key of: open ledger/acc-1, currency EUR, overdraftLimit 10.00 of ann, at version 0)',
      '0.002s  ann sends again: open ledger/acc-1, currency EUR, overdraftLimit 10.00 of ann',
      '0.003s  eve asks about all accounts 1.5 s ago, and again 20 h later',
      '0.004s  the operator redrives what is parked',
      '0.005s  the operator runs the catch-up',
      '0.006s  somebody damages the row ledger/acc-1 by hand; the operator repairs it',
      '0.007s  eve lists statement about acc-1, 5 in a page',
      '0.008s  another operator asks for "undo" of todo',
      '0.009s  another operator repairs metrics/m-1',
      '0.009s  2 sweeps run at the same time',
      '10.000s  fault: reads that are not strongly consistent see what was there up to 0.9 s ago, for 5 min',
      '10.000s  fault: new instances of api have a clock that is 400 ms behind, for 5 min',
      '10.000s  fault: publisher is not invoked, for 5 min',
      '10.000s  fault: publisher gets batches once more, by up to 1 s (25 %), for 5 min',
      '10.000s  fault: instances change to the next version of the code, one after the other, for 5 min',
      '10.000s  fault: instances change to code that reads the new events, for 5 min, and after a quarter of an hour to the next version',
      '10.001s  fault: an instance of api is killed at its call 5, while its request is under way',
      '10.002s  fault: a shard of the log is split',
      '10.003s  fault: requests are refused for now (100 % of the calls of sqs about todo), for 60 s',
      '10.003s  fault: snapshots are damaged (50 %)',
    ]);
  });
});
