import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkHistory } from './check-history.ts';
import {
  addDrugs,
  addPage,
  addPatient,
  archive,
  close,
  confirm,
  create,
  credit,
  debit,
  dispense,
  open,
  record,
  setTarget,
  transfer,
  upload,
} from './commands.fixture.ts';
import { type Mutation, mutations } from './mutations.fixture.ts';
import { SequentialHistory } from './sequential-history.fixture.ts';

type Step = (history: SequentialHistory) => void;

const id = fc.constantFrom('a', 'b', 'c');
const amount = fc.constantFrom('1', '2.5', '10', '0.125', '700');
const deadlineAfter = fc.constantFrom(-5, 30, 100, 5_000);
const options = fc.record({ key: fc.constant(true), lostAnswers: fc.nat(1) });

/** A command, with a key of its own. */
const command = fc
  .oneof(
    fc.tuple(id, fc.constantFrom('USD', 'JPY', 'BHD'), amount).map((all) => open(...all)),
    fc.tuple(id, amount).map((all) => credit(...all)),
    fc.tuple(id, amount).map((all) => debit(...all)),
    fc.tuple(id, id, amount).map((all) => transfer(...all)),
    id.map(close),
    id.map(create),
    fc.tuple(id, fc.nat(9), fc.nat(9)).map((all) => record(...all)),
    id.map(archive),
    fc.tuple(id, fc.constantFrom('start', 'complete', 'cancel')).map((all) => dispense(...all)),
    fc.tuple(id, fc.constant('scan')).map((all) => upload(...all)),
    fc.tuple(id, fc.constant('scan')).map((all) => addPage(...all)),
    fc.tuple(id, fc.constant('none')).map((all) => confirm(...all)),
    id.map(addPatient),
    id.map((one) => addDrugs(one, 'Ibuprofen')),
  )
  .chain((one) =>
    options.map(
      ({ lostAnswers }): Step =>
        (history) => {
          history.do(one, { key: `k${history.operations.length}`, lostAnswers });
        },
    ),
  );
const target = fc.tuple(id, fc.nat(9), deadlineAfter, fc.constantFrom('at-least', 'at-most')).map(
  ([one, value, afterMs, direction]): Step =>
    (history) => {
      const deadline = new Date(history.nowMs + afterMs).toISOString();
      history.do(setTarget(one, value, deadline, direction));
    },
);
const context = fc.constantFrom('ledger', 'metrics', 'dispense');
const question = fc.oneof(
  fc.tuple(context, id, fc.boolean()).map(
    (all): Step =>
      (history) =>
        history.read(...all),
  ),
  fc.tuple(context, id, fc.integer({ min: 1, max: 5 })).map(
    (all): Step =>
      (history) =>
        history.askPast(...all),
  ),
  fc.constant<Step>((history) => history.askAllAccounts()),
  fc.nat(5).map(
    (index): Step =>
      (history) => {
        if (history.operations.length > index) history.again(index);
      },
  ),
  fc.constant<Step>((history) => history.noteProgress()),
);
const steps = fc.array(fc.oneof({ weight: 4, arbitrary: command }, target, question), {
  minLength: 5,
  maxLength: 60,
});

function historyOf(all: readonly Step[]) {
  const history = new SequentialHistory();
  for (const step of all) step(history);
  return history.recorded(['g1', 'g2']);
}

describe('the checks of random histories', () => {
  it('are silent if one command follows the other', () => {
    const property = fc.property(steps, (all) => {
      expect(checkHistory(historyOf(all))).toEqual([]);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it.each(Object.entries(mutations))('find %s', (_name, mutate: Mutation) => {
    const property = fc.property(steps, fc.nat(), (all, number) => {
      const history = historyOf(all);
      fc.pre(mutate(history, (below) => number % below));
      expect(checkHistory(history)).not.toEqual([]);
    });
    fc.assert(property, { numRuns: 60 });
  });
});
