import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { type Commit, type EventDefinitions, foldCommits } from '../../../kernel/index.ts';
import { commitAt } from '../../../kernel/testing/index.ts';
import { eventDefinitions } from '../events.fixture.ts';
import { placeOf } from './item.ts';
import { todoProjections } from './projection.ts';

type Happened = readonly [type: string, data?: object];

/** Folds the events of a stream, one commit each, and tells which items are open and which are closed. */
function itemsAfter(category: string, ...events: readonly Happened[]) {
  return folded(category, events).map(({ kind, status }) => `${kind} ${status}`);
}

function folded(
  category: string,
  events: readonly Happened[],
  definitions: Readonly<Record<string, EventDefinitions>> = eventDefinitions,
) {
  const projection = todoProjections(definitions).find((each) => each.category === category);
  if (projection === undefined) throw new Error(`No rules are about ${category}.`);
  const commits = events.map(
    ([type, data = {}], index): Commit =>
      commitAt(`${category}/a`, index + 1, 1, {
        committedAt: `2026-01-02T03:04:0${index}.000Z`,
        events: [{ id: `event-${index + 1}`, type, schemaVersion: 1, data }],
      }),
  );
  return foldCommits(projection, undefined, commits)?.lines.map(({ line }) => line) ?? [];
}

const started: Happened = ['Dispense:Started'];
const uploaded: Happened = ['Dispense:PrescriptionUploaded'];
const analyzed = (confidence: number): Happened => ['Dispense:PrescriptionAnalyzed', { confidence }];
const failed: Happened = ['Dispense:AnalysisFailed'];
const patient: Happened = ['Dispense:PatientAdded'];
const drugs: Happened = ['Dispense:DrugsAdded'];
const completed: Happened = ['Dispense:Completed'];
const cancelled: Happened = ['Dispense:Cancelled'];
const bothToAdd = ['add-patient open', 'add-drugs open'];

describe('the work that a dispense leaves', () => {
  it.each([
    { so: 'asks for patient and drugs once started', events: [started], items: bothToAdd },
    {
      so: 'no longer asks for what was added',
      events: [started, patient],
      items: ['add-patient closed', 'add-drugs open'],
    },
    {
      so: 'can be completed with patient and drugs, whichever came first',
      events: [started, drugs, patient],
      items: ['add-patient closed', 'add-drugs closed', 'complete-dispense open'],
    },
    {
      so: 'is nothing once completed',
      events: [started, patient, drugs, completed],
      items: ['add-patient closed', 'add-drugs closed', 'complete-dispense closed'],
    },
    {
      so: 'is nothing once cancelled',
      events: [started, uploaded, analyzed(0.1), cancelled],
      items: [
        'add-patient closed',
        'add-drugs closed',
        'analyze-prescription closed',
        'review-analysis closed',
      ],
    },
    {
      so: 'waits for the analysis of what was uploaded',
      events: [started, uploaded],
      items: [...bothToAdd, 'analyze-prescription open'],
    },
    {
      so: 'ends where the analysis is cancelled',
      events: [started, uploaded, cancelled],
      items: ['add-patient closed', 'add-drugs closed', 'analyze-prescription closed'],
    },
    {
      so: 'needs no review of an analysis that is certain enough',
      events: [started, uploaded, analyzed(0.8)],
      items: [...bothToAdd, 'analyze-prescription closed'],
    },
    {
      so: 'needs a review of one that is not',
      events: [started, uploaded, analyzed(0.79)],
      items: [...bothToAdd, 'analyze-prescription closed', 'review-analysis open'],
    },
    {
      so: 'needs a review of one that failed, once, however often it fails',
      events: [started, uploaded, failed, uploaded, failed],
      items: [
        ...bothToAdd,
        'analyze-prescription closed',
        'review-analysis open',
        'analyze-prescription closed',
      ],
    },
    {
      so: 'is reviewed by adding drugs',
      events: [started, uploaded, failed, drugs],
      items: [
        'add-patient open',
        'add-drugs closed',
        'analyze-prescription closed',
        'review-analysis closed',
      ],
    },
    {
      so: 'needs no review any more where drugs from before are handed over',
      events: [started, patient, drugs, uploaded, failed, completed],
      items: [
        'add-patient closed',
        'add-drugs closed',
        'complete-dispense closed',
        'analyze-prescription closed',
        'review-analysis closed',
      ],
    },
    {
      so: 'stays as it is by events that no rule knows',
      events: [['Dispense:Renamed', { anything: 1 }], started, ['Dispense:Renamed']],
      items: bothToAdd,
    },
  ] as { so: string; events: Happened[]; items: string[] }[])('$so', ({ events, items }) => {
    expect(itemsAfter('dispense', ...events)).toEqual(items);
  });
});

describe('the work that a metric leaves', () => {
  const created: Happened = ['Metric:Created'];
  const targetSet: Happened = ['Metric:TargetSet'];
  const expired: Happened = ['Metric:Expired'];
  const archived: Happened = ['Metric:Archived'];

  it.each([
    { events: [created], items: ['set-target open'] },
    { events: [created, targetSet], items: ['set-target closed'] },
    { events: [created, archived], items: ['set-target closed'] },
    { events: [created, targetSet, expired], items: ['set-target closed', 'review-expired-metric open'] },
    {
      events: [created, targetSet, expired, targetSet],
      items: ['set-target closed', 'review-expired-metric closed'],
    },
    {
      events: [created, targetSet, expired, archived],
      items: ['set-target closed', 'review-expired-metric closed'],
    },
    {
      events: [created, targetSet, expired, targetSet, expired],
      items: ['set-target closed', 'review-expired-metric closed', 'review-expired-metric open'],
    },
  ])('$items', ({ events, items }) => {
    expect(itemsAfter('metrics', ...events)).toEqual(items);
  });
});

describe('the work that an account leaves', () => {
  const opened: Happened = ['Ledger:Opened'];
  const credited = (amount: number): Happened => ['Ledger:Credited', { amount }];
  const debited = (amount: number): Happened => ['Ledger:Debited', { amount }];
  const sent = (amount: number): Happened => ['Ledger:TransferSent', { amount }];
  const received = (amount: number): Happened => ['Ledger:TransferReceived', { amount }];

  it.each([
    { so: 'is nothing at zero', events: [opened, credited(5), debited(5)], items: [] },
    { so: 'is to settle what is below', events: [opened, debited(1)], items: ['settle-overdraft open'] },
    {
      so: 'is one item, however far below',
      events: [opened, sent(1), debited(1)],
      items: ['settle-overdraft open'],
    },
    {
      so: 'stays until nothing is owed',
      events: [opened, debited(10), credited(9)],
      items: ['settle-overdraft open'],
    },
    {
      so: 'is done at zero',
      events: [opened, debited(10), credited(9), received(1)],
      items: ['settle-overdraft closed'],
    },
    {
      so: 'is another item the next time',
      events: [opened, debited(1), credited(1), sent(1)],
      items: ['settle-overdraft closed', 'settle-overdraft open'],
    },
  ])('$so', ({ events, items }) => {
    expect(itemsAfter('ledger', ...events)).toEqual(items);
  });

  it('cannot be told from an amount that is none', () => {
    expect(() => itemsAfter('ledger', ['Ledger:Debited', { amount: 'ten' }])).toThrow(
      'Ledger:Debited has no number in "amount".',
    );
  });
});

describe('an item', () => {
  it('says since when, about what, and which events opened and closed it', () => {
    const [item] = folded('dispense', [started, uploaded, patient]);
    expect(item).toEqual({
      id: 'dispense.a.1.add-patient',
      kind: 'add-patient',
      context: 'dispense',
      subject: 'dispense/a',
      doneBy: 'person',
      status: 'closed',
      openedAt: '2026-01-02T03:04:00.000Z',
      openedBy: { eventId: 'event-1', type: 'Dispense:Started', version: 1 },
      closedAt: '2026-01-02T03:04:02.000Z',
      closedBy: { eventId: 'event-3', type: 'Dispense:PatientAdded', version: 3 },
    });
  });

  it('is found by its id', () => {
    expect(placeOf('dispense.a-B_3.12.add-patient')).toEqual({
      subject: 'dispense/a-B_3',
      lineKey: '0000000000000012#add-patient',
    });
    for (const id of ['', 'dispense.a.1', 'dispense.a.0.add-patient', 'dispense.a.01.x', '.a.1.x', 'a.b.1.X'])
      expect(placeOf(id)).toBeUndefined();
  });
});

describe('the projections', () => {
  it('read older shapes of events by the definitions of their contexts', () => {
    const upcast = (data: object) => ({ amount: (data as { cents: number }).cents });
    const debited = { schema: z.object({ amount: z.number() }), upcasters: [{ from: 1, upcast }] };
    const ledger: EventDefinitions = { ...eventDefinitions.ledger, 'Ledger:Debited': debited };
    const items = folded('ledger', [['Ledger:Debited', { cents: 1 }]], { ...eventDefinitions, ledger });
    expect(items).toHaveLength(1);
  });

  it('cannot do without the events of a context', () => {
    const { ledger: _, ...others } = eventDefinitions;
    expect(() => todoProjections(others)).toThrow('The TODO rules want the events of ledger.');
  });
});
