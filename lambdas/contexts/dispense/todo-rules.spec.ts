import { describe, expect, it } from '@jest/globals';
import { decisionsOf, type Happened, itemsAfter, readTable } from '../todo-rules.fixture.ts';
import rules from './todo-rules.ts';

const started: Happened = ['Dispense:Started'];
const uploaded: Happened = ['Dispense:PrescriptionUploaded'];
const trusted: Happened = ['Dispense:PrescriptionAnalyzed', { trusted: true }, 2];
const doubtful: Happened = ['Dispense:PrescriptionAnalyzed', { trusted: false }, 2];
const failed: Happened = ['Dispense:AnalysisFailed'];
const patient: Happened = ['Dispense:PatientAdded'];
const drugs: Happened = ['Dispense:DrugsAdded', { confirmsAnalysis: false }, 2];
const seenDrugs: Happened = ['Dispense:DrugsAdded', { confirmsAnalysis: true }, 2];
const confirmed: Happened = ['Dispense:AnalysisConfirmed'];
/** As the release before recorded them. */
const earlierAnalyzed = (confidence: number, analyzer = 'embedded'): Happened => [
  'Dispense:PrescriptionAnalyzed',
  { analyzer, confidence },
];
const earlierDrugs: Happened = ['Dispense:DrugsAdded', {}];
const completed: Happened = ['Dispense:Completed'];
const cancelled: Happened = ['Dispense:Cancelled'];
const corrected: Happened = ['Dispense:PatientCorrected'];
const erased: Happened = ['Dispense:Erased'];
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
      events: [started, uploaded, doubtful, cancelled],
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
      so: 'does not include a review of a trusted reading',
      events: [started, uploaded, trusted],
      items: [...bothToAdd, 'analyze-prescription closed'],
    },
    {
      so: 'includes a review of a reading that is not trusted',
      events: [started, uploaded, doubtful],
      items: [...bothToAdd, 'analyze-prescription closed', 'review-analysis open'],
    },
    {
      so: 'includes one analysis of a prescription that is replaced meanwhile',
      events: [started, uploaded, uploaded, trusted],
      items: [...bothToAdd, 'analyze-prescription closed'],
    },
    {
      so: 'includes a review until a newer reading replaces it: not when it is uploaded',
      events: [started, uploaded, failed, uploaded],
      items: [
        ...bothToAdd,
        'analyze-prescription closed',
        'review-analysis open',
        'analyze-prescription open',
      ],
    },
    {
      so: 'does not include a review after a newer reading that is trusted',
      events: [started, uploaded, failed, uploaded, trusted],
      items: [
        ...bothToAdd,
        'analyze-prescription closed',
        'review-analysis closed',
        'analyze-prescription closed',
      ],
    },
    {
      so: 'keeps the review after a newer reading that is not trusted either',
      events: [started, uploaded, failed, uploaded, doubtful],
      items: [
        ...bothToAdd,
        'analyze-prescription closed',
        'review-analysis open',
        'analyze-prescription closed',
      ],
    },
    {
      so: 'includes a second review of a newer reading, after the first was confirmed',
      events: [started, uploaded, doubtful, confirmed, uploaded, doubtful],
      items: [
        ...bothToAdd,
        'analyze-prescription closed',
        'review-analysis closed',
        'analyze-prescription closed',
        'review-analysis open',
      ],
    },
    {
      so: 'does not include a review after a person confirmed it',
      events: [started, uploaded, failed, confirmed],
      items: [...bothToAdd, 'analyze-prescription closed', 'review-analysis closed'],
    },
    {
      so: 'does not include a review after drugs are added by a person who has seen the reading',
      events: [started, uploaded, failed, seenDrugs],
      items: [
        'add-patient open',
        'add-drugs closed',
        'analyze-prescription closed',
        'review-analysis closed',
      ],
    },
    {
      so: 'keeps the review after drugs are added by a person who has not',
      events: [started, uploaded, failed, drugs],
      items: ['add-patient open', 'add-drugs closed', 'analyze-prescription closed', 'review-analysis open'],
    },
    {
      so: 'does not include a review that the release before closed by drugs',
      events: [started, uploaded, earlierAnalyzed(0.79), earlierDrugs],
      items: [
        'add-patient open',
        'add-drugs closed',
        'analyze-prescription closed',
        'review-analysis closed',
      ],
    },
    {
      so: 'does not include a review of a confident analysis of the release before',
      events: [started, uploaded, earlierAnalyzed(0.8)],
      items: [...bothToAdd, 'analyze-prescription closed'],
    },
    {
      so: 'includes a review of an analysis of the release before by a model, whatever its word',
      events: [started, uploaded, earlierAnalyzed(1, 'bedrock')],
      items: [...bothToAdd, 'analyze-prescription closed', 'review-analysis open'],
    },
    {
      so: 'includes the review of a dispense that the release before completed unseen, until it is confirmed',
      events: [started, patient, earlierDrugs, uploaded, failed, completed],
      items: [
        'add-patient closed',
        'add-drugs closed',
        'complete-dispense closed',
        'analyze-prescription closed',
        'review-analysis open',
      ],
    },
    {
      so: 'does not include that review after it is confirmed',
      events: [started, patient, earlierDrugs, uploaded, earlierAnalyzed(0.5), completed, confirmed],
      items: [
        'add-patient closed',
        'add-drugs closed',
        'complete-dispense closed',
        'analyze-prescription closed',
        'review-analysis closed',
      ],
    },
    {
      so: 'ends when it is erased',
      events: [started, uploaded, doubtful, patient, drugs, uploaded, erased],
      items: [
        'add-patient closed',
        'add-drugs closed',
        'analyze-prescription closed',
        'review-analysis closed',
        'complete-dispense closed',
        'analyze-prescription closed',
      ],
    },
    {
      so: 'is not changed by a correction of the patient',
      events: [started, patient, drugs, completed, corrected],
      items: ['add-patient closed', 'add-drugs closed', 'complete-dispense closed'],
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
    Trusted: trusted,
    Doubtful: doubtful,
    Failed: failed,
    Confirmed: confirmed,
    Patient: patient,
    Drugs: drugs,
    Seen: seenDrugs,
    Completed: completed,
    Cancelled: cancelled,
    Corrected: corrected,
    Erased: erased,
  };
  const histories = [
    [],
    [started],
    [started, patient],
    [started, drugs],
    [started, patient, drugs],
    [started, uploaded],
    [started, uploaded, doubtful],
    [started, uploaded, failed],
  ];

  // The decider refuses completion during an analysis and while a review is open, so it leaves both.
  it('has a decision for each', () => {
    expect(decisionsOf(rules, events, histories)).toEqual(
      readTable(`
                           | Started | Uploaded | Trusted | Doubtful | Failed | Confirmed | Patient | Drugs  | Seen   | Completed | Cancelled | Corrected | Erased
      analyze-prescription | -       | opens    | closes  | closes   | closes | -         | -       | -      | -      | -         | closes | -         | closes
      review-analysis      | -       | -        | closes  | opens    | opens  | closes    | -       | -      | closes | -         | closes | -         | closes
      add-patient          | opens   | -        | -       | -        | -      | -         | closes  | -      | -      | -         | closes | -         | closes
      add-drugs            | opens   | -        | -       | -        | -      | -         | -       | closes | closes | -         | closes | -         | closes
      complete-dispense    | -       | -        | -       | -        | -      | -         | opens   | opens  | opens  | closes    | closes | -         | closes`),
    );
  });
});
