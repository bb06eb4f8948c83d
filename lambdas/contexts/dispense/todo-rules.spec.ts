import { describe, expect, it } from '@jest/globals';
import { decisionsOf, type Happened, itemsAfter, readTable } from '../todo-rules.fixture.ts';
import rules from './todo-rules.ts';

const started: Happened = ['Dispense:Started'];
const uploaded: Happened = ['Dispense:PrescriptionUploaded'];
const analyzed = (confidence: number): Happened => ['Dispense:PrescriptionAnalyzed', { confidence }];
const failed: Happened = ['Dispense:AnalysisFailed'];
const patient: Happened = ['Dispense:PatientAdded'];
const drugs: Happened = ['Dispense:DrugsAdded'];
const completed: Happened = ['Dispense:Completed'];
const cancelled: Happened = ['Dispense:Cancelled'];
const bothToAdd = ['add-patient open', 'add-drugs open'];

describe('the open work of a dispense', () => {
  it.each([
    { so: 'asks for patient and drugs once started', events: [started], items: bothToAdd },
    {
      so: 'does not ask for what was added',
      events: [started, patient],
      items: ['add-patient closed', 'add-drugs open'],
    },
    {
      so: 'includes completion once it has patient and drugs, in any order',
      events: [started, drugs, patient],
      items: ['add-patient closed', 'add-drugs closed', 'complete-dispense open'],
    },
    {
      so: 'ends when it is completed',
      events: [started, patient, drugs, completed],
      items: ['add-patient closed', 'add-drugs closed', 'complete-dispense closed'],
    },
    {
      so: 'ends when it is cancelled',
      events: [started, uploaded, analyzed(0.1), cancelled],
      items: [
        'add-patient closed',
        'add-drugs closed',
        'analyze-prescription closed',
        'review-analysis closed',
      ],
    },
    {
      so: 'includes the analysis of an upload',
      events: [started, uploaded],
      items: [...bothToAdd, 'analyze-prescription open'],
    },
    {
      so: 'ends if it is cancelled during the analysis',
      events: [started, uploaded, cancelled],
      items: ['add-patient closed', 'add-drugs closed', 'analyze-prescription closed'],
    },
    {
      so: 'does not include a review of a confident analysis',
      events: [started, uploaded, analyzed(0.8)],
      items: [...bothToAdd, 'analyze-prescription closed'],
    },
    {
      so: 'includes a review of an analysis that is not confident',
      events: [started, uploaded, analyzed(0.79)],
      items: [...bothToAdd, 'analyze-prescription closed', 'review-analysis open'],
    },
    {
      so: 'includes a review of the newest upload only',
      events: [started, uploaded, failed, uploaded, failed],
      items: [
        ...bothToAdd,
        'analyze-prescription closed',
        'review-analysis closed',
        'analyze-prescription closed',
        'review-analysis open',
      ],
    },
    {
      so: 'does not include a review after a newer upload that can be read',
      events: [started, uploaded, failed, uploaded, analyzed(0.9)],
      items: [
        ...bothToAdd,
        'analyze-prescription closed',
        'review-analysis closed',
        'analyze-prescription closed',
      ],
    },
    {
      so: 'does not include a review while a newer upload is being analyzed',
      events: [started, uploaded, failed, uploaded],
      items: [
        ...bothToAdd,
        'analyze-prescription closed',
        'review-analysis closed',
        'analyze-prescription open',
      ],
    },
    {
      so: 'does not include a review after drugs are added',
      events: [started, uploaded, failed, drugs],
      items: [
        'add-patient open',
        'add-drugs closed',
        'analyze-prescription closed',
        'review-analysis closed',
      ],
    },
    {
      so: 'does not include a review after completion with earlier drugs',
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
      so: 'is not changed by events that no rule uses',
      events: [['Dispense:Renamed', { anything: 1 }], started, ['Dispense:Renamed']],
      items: bothToAdd,
    },
  ] as { so: string; events: Happened[]; items: string[] }[])('$so', ({ events, items }) => {
    expect(itemsAfter(rules, ...events)).toEqual(items);
  });
});

describe('the table of rules and events', () => {
  const events = {
    Started: started,
    Uploaded: uploaded,
    Sure: analyzed(0.8),
    Unsure: analyzed(0.79),
    Failed: failed,
    Patient: patient,
    Drugs: drugs,
    Completed: completed,
    Cancelled: cancelled,
  };
  const histories = [
    [],
    [started],
    [started, patient],
    [started, drugs],
    [started, patient, drugs],
    [started, uploaded],
    [started, uploaded, analyzed(0.5)],
    [started, uploaded, failed],
  ];

  // The decider refuses an upload, patient, drugs and completion during an analysis, so they leave `analyze-prescription`.
  it('has a decision for each', () => {
    expect(decisionsOf(rules, events, histories)).toEqual(
      readTable(`
                           | Started | Uploaded | Sure   | Unsure | Failed | Patient | Drugs  | Completed | Cancelled
      analyze-prescription | -       | opens    | closes | closes | closes | -       | -      | -         | closes
      review-analysis      | -       | closes   | -      | opens  | opens  | -       | closes | closes    | closes
      add-patient          | opens   | -        | -      | -      | -      | closes  | -      | -         | closes
      add-drugs            | opens   | -        | -      | -      | -      | -       | closes | -         | closes
      complete-dispense    | -       | -        | -      | -      | -      | opens   | opens  | closes    | closes`),
    );
  });
});
