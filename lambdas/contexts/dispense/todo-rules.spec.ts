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
      so: 'includes one review of failed analyses',
      events: [started, uploaded, failed, uploaded, failed],
      items: [
        ...bothToAdd,
        'analyze-prescription closed',
        'review-analysis open',
        'analyze-prescription closed',
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
