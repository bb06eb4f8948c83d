import { defineTodoRules } from '../todo-rule.ts';
import { type DispenseEvent, dispenseEvents } from './domain/events.ts';

/** After these, nothing is to be done on a dispense. */
const ends = ['Dispense:Cancelled', 'Dispense:Erased'] as const;

export default defineTodoRules<DispenseEvent>({
  category: 'dispense',
  events: dispenseEvents,
  rules: [
    {
      kind: 'analyze-prescription',
      doneBy: 'automation',
      opened: ['Dispense:PrescriptionUploaded'],
      closed: ['Dispense:PrescriptionAnalyzed', 'Dispense:AnalysisFailed', ...ends],
    },
    {
      kind: 'review-analysis',
      doneBy: 'person',
      opened: [
        { type: 'Dispense:PrescriptionAnalyzed', where: ({ trusted }) => !trusted },
        'Dispense:AnalysisFailed',
      ],
      // Never by completion: a dispense of an earlier release can be complete although nobody has looked.
      closed: [
        'Dispense:AnalysisConfirmed',
        { type: 'Dispense:DrugsAdded', where: ({ confirmsAnalysis }) => confirmsAnalysis },
        // A newer reading replaces the one of this item. If it is not trusted either, the item stays open.
        { type: 'Dispense:PrescriptionAnalyzed', where: ({ trusted }) => trusted },
        ...ends,
      ],
    },
    {
      kind: 'add-patient',
      doneBy: 'person',
      opened: ['Dispense:Started'],
      closed: ['Dispense:PatientAdded', ...ends],
    },
    {
      kind: 'add-drugs',
      doneBy: 'person',
      opened: ['Dispense:Started'],
      closed: ['Dispense:DrugsAdded', ...ends],
    },
    {
      kind: 'complete-dispense',
      doneBy: 'person',
      opened: [
        { type: 'Dispense:PatientAdded', after: 'Dispense:DrugsAdded' },
        { type: 'Dispense:DrugsAdded', after: 'Dispense:PatientAdded' },
      ],
      closed: ['Dispense:Completed', ...ends],
    },
  ],
});
