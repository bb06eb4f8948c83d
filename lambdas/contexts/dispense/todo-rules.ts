import { defineTodoRules } from '../todo-rule.ts';
import { type DispenseEvent, dispenseEvents } from './domain/events.ts';

/** A person must review an analysis with a lower confidence. */
const trustedConfidence = 0.8;

export default defineTodoRules<DispenseEvent>({
  category: 'dispense',
  events: dispenseEvents,
  rules: [
    {
      kind: 'analyze-prescription',
      doneBy: 'automation',
      opened: ['Dispense:PrescriptionUploaded'],
      closed: ['Dispense:PrescriptionAnalyzed', 'Dispense:AnalysisFailed', 'Dispense:Cancelled'],
    },
    {
      kind: 'review-analysis',
      doneBy: 'person',
      opened: [
        {
          type: 'Dispense:PrescriptionAnalyzed',
          where: ({ confidence }) => confidence < trustedConfidence,
        },
        'Dispense:AnalysisFailed',
      ],
      closed: [
        'Dispense:DrugsAdded',
        // A newer document replaces the one of this analysis. Its own analysis opens its own item.
        'Dispense:PrescriptionUploaded',
        // Drugs cannot be added to a complete dispense, so no review is needed.
        'Dispense:Completed',
        'Dispense:Cancelled',
      ],
    },
    {
      kind: 'add-patient',
      doneBy: 'person',
      opened: ['Dispense:Started'],
      closed: ['Dispense:PatientAdded', 'Dispense:Cancelled'],
    },
    {
      kind: 'add-drugs',
      doneBy: 'person',
      opened: ['Dispense:Started'],
      closed: ['Dispense:DrugsAdded', 'Dispense:Cancelled'],
    },
    {
      kind: 'complete-dispense',
      doneBy: 'person',
      opened: [
        { type: 'Dispense:PatientAdded', after: 'Dispense:DrugsAdded' },
        { type: 'Dispense:DrugsAdded', after: 'Dispense:PatientAdded' },
      ],
      closed: ['Dispense:Completed', 'Dispense:Cancelled'],
    },
  ],
});
