import { describe, expect, it } from '@jest/globals';
import { type Happened, itemsAfter } from '../todo-rules.fixture.ts';
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
    expect(itemsAfter(rules, ...events)).toEqual(items);
  });
});
