import { after, on, type TodoRule, whenNotOverdrawn, whenOverdrawn, whereBelow } from './rule.ts';

/** An analysis that is less certain has to be looked at by a person. */
const trustedConfidence = 0.8;

/**
 * Which event opens which kind of item about its stream, and which closes it. A stream has at most one open item of a
 * kind: what would open it again leaves it as it is. Events are named by their text: contexts are not imported here.
 */
export const todoRules: readonly TodoRule[] = [
  {
    context: 'dispense',
    kind: 'analyze-prescription',
    doneBy: 'automation',
    opened: [on('Dispense:PrescriptionUploaded')],
    closed: [on('Dispense:PrescriptionAnalyzed'), on('Dispense:AnalysisFailed'), on('Dispense:Cancelled')],
  },
  {
    context: 'dispense',
    kind: 'review-analysis',
    doneBy: 'person',
    opened: [
      on('Dispense:PrescriptionAnalyzed', whereBelow('confidence', trustedConfidence)),
      on('Dispense:AnalysisFailed'),
    ],
    // Completed with drugs from before the analysis: nothing is left to review, and no drugs can be added any more.
    closed: [on('Dispense:DrugsAdded'), on('Dispense:Completed'), on('Dispense:Cancelled')],
  },
  {
    context: 'dispense',
    kind: 'add-patient',
    doneBy: 'person',
    opened: [on('Dispense:Started')],
    closed: [on('Dispense:PatientAdded'), on('Dispense:Cancelled')],
  },
  {
    context: 'dispense',
    kind: 'add-drugs',
    doneBy: 'person',
    opened: [on('Dispense:Started')],
    closed: [on('Dispense:DrugsAdded'), on('Dispense:Cancelled')],
  },
  {
    context: 'dispense',
    kind: 'complete-dispense',
    doneBy: 'person',
    opened: [
      on('Dispense:PatientAdded', after('Dispense:DrugsAdded')),
      on('Dispense:DrugsAdded', after('Dispense:PatientAdded')),
    ],
    closed: [on('Dispense:Completed'), on('Dispense:Cancelled')],
  },
  {
    context: 'metrics',
    kind: 'set-target',
    doneBy: 'person',
    opened: [on('Metric:Created')],
    closed: [on('Metric:TargetSet'), on('Metric:Archived')],
  },
  {
    context: 'metrics',
    kind: 'review-expired-metric',
    doneBy: 'person',
    opened: [on('Metric:Expired')],
    closed: [on('Metric:TargetSet'), on('Metric:Archived')],
  },
  {
    context: 'ledger',
    kind: 'settle-overdraft',
    doneBy: 'person',
    opened: [on('Ledger:Debited', whenOverdrawn), on('Ledger:TransferSent', whenOverdrawn)],
    closed: [on('Ledger:Credited', whenNotOverdrawn), on('Ledger:TransferReceived', whenNotOverdrawn)],
  },
];

/** What an event does to the balance of its stream: its `amount`, in minor units, is added or taken. */
export const balanceEffects: Readonly<Record<string, 'adds' | 'takes'>> = {
  'Ledger:Credited': 'adds',
  'Ledger:Debited': 'takes',
  'Ledger:TransferSent': 'takes',
  'Ledger:TransferReceived': 'adds',
};

/** Every kind of item, by context. */
export const todoKinds = todoRules.map(({ context, kind }) => ({ context, kind }));

export const todoContexts: readonly string[] = [...new Set(todoRules.map(({ context }) => context))];

/** The event types that the rules know: a commit without any of them says nothing about open work. */
export const todoEventTypes: ReadonlySet<string> = new Set([
  ...Object.keys(balanceEffects),
  ...todoRules.flatMap(({ opened, closed }) => [...opened, ...closed]).map(({ type }) => type),
]);
