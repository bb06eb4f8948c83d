import { changeBy } from './ledger.ts';
import { type ExpectedLine, type PlacedEvent, paddedVersion } from './rules.ts';

/** What has happened on a stream up to an event, and the event itself. */
interface Moment {
  readonly event: PlacedEvent;
  /** Types of earlier events. */
  readonly before: ReadonlySet<string>;
  /** After the event, in minor units. */
  readonly balance: number;
}

/** A kind of work: when it begins, and when it ends. Nothing begins while it is open. */
interface Kind {
  readonly context: string;
  readonly doneBy: 'person' | 'automation';
  readonly begins: (moment: Moment) => boolean;
  readonly ends: (moment: Moment) => boolean;
}

const is =
  (...types: readonly string[]) =>
  ({ event }: Moment) =>
    types.includes(event.type);

/** After these, nothing is to be done on a dispense. */
const ended: readonly string[] = ['Dispense:Cancelled', 'Dispense:Erased'];

const kinds: Readonly<Record<string, Kind>> = {
  'settle-overdraft': {
    context: 'ledger',
    doneBy: 'person',
    begins: ({ event, balance }) => changeBy(event) < 0 && balance < 0,
    ends: ({ event, balance }) => changeBy(event) > 0 && balance >= 0,
  },
  'set-target': {
    context: 'metrics',
    doneBy: 'person',
    begins: is('Metric:Created'),
    ends: is('Metric:TargetSet', 'Metric:Archived'),
  },
  'review-expired-metric': {
    context: 'metrics',
    doneBy: 'person',
    begins: is('Metric:Expired'),
    ends: is('Metric:TargetReached', 'Metric:TargetSet', 'Metric:Archived'),
  },
  'analyze-prescription': {
    context: 'dispense',
    doneBy: 'automation',
    begins: is('Dispense:PrescriptionUploaded'),
    ends: is('Dispense:PrescriptionAnalyzed', 'Dispense:AnalysisFailed', ...ended),
  },
  'review-analysis': {
    context: 'dispense',
    doneBy: 'person',
    begins: ({ event: { type, data } }) =>
      type === 'Dispense:AnalysisFailed' ||
      (type === 'Dispense:PrescriptionAnalyzed' && data['trusted'] === false),
    // Never by completion, and by drugs only if the person has seen the reading.
    ends: ({ event: { type, data } }) =>
      type === 'Dispense:AnalysisConfirmed' ||
      ended.includes(type) ||
      (type === 'Dispense:DrugsAdded' && data['confirmsAnalysis'] === true) ||
      (type === 'Dispense:PrescriptionAnalyzed' && data['trusted'] === true),
  },
  'add-patient': {
    context: 'dispense',
    doneBy: 'person',
    begins: is('Dispense:Started'),
    ends: is('Dispense:PatientAdded', ...ended),
  },
  'add-drugs': {
    context: 'dispense',
    doneBy: 'person',
    begins: is('Dispense:Started'),
    ends: is('Dispense:DrugsAdded', ...ended),
  },
  'complete-dispense': {
    context: 'dispense',
    doneBy: 'person',
    begins: ({ event: { type }, before }) =>
      (type === 'Dispense:PatientAdded' && before.has('Dispense:DrugsAdded')) ||
      (type === 'Dispense:DrugsAdded' && before.has('Dispense:PatientAdded')),
    ends: is('Dispense:Completed', ...ended),
  },
};

/** Events that neither begin nor end any work, so the TODO list need not know them. */
const withoutWork: ReadonlySet<string> = new Set([
  'Ledger:Opened',
  'Ledger:Closed',
  'Metric:ValueRecorded',
  'Dispense:PatientCorrected',
]);

/** True if the TODO list must know the event. */
export function concernsTodo({ type }: PlacedEvent): boolean {
  return !withoutWork.has(type);
}

/** The items of a stream, open and closed, each under its key. */
export function todoItems(stream: string, events: readonly PlacedEvent[]): readonly ExpectedLine[] {
  const slash = stream.indexOf('/');
  const [context, id] = [stream.slice(0, slash), stream.slice(slash + 1)];
  const own = Object.entries(kinds).filter(([, kind]) => kind.context === context);
  const lines = new Map<string, ExpectedLine>();
  const openKeys = new Map<string, string>();
  const before = new Set<string>();
  let balance = 0;
  for (const event of events) {
    balance += changeBy(event);
    const moment: Moment = { event, before, balance };
    const { version, committedAt } = event;
    const by = { eventId: event.id, type: event.type, version };
    for (const [kind, { begins, ends, doneBy }] of own) {
      const open = lines.get(openKeys.get(kind) ?? '');
      if (open && ends(moment)) {
        const line = { ...open.line, status: 'closed', closedAt: committedAt, closedBy: by };
        lines.set(open.key, { key: open.key, line });
        openKeys.delete(kind);
      } else if (!open && begins(moment)) {
        const key = `${paddedVersion(version)}#${kind}`;
        const what = { id: `${context}.${id}.${version}.${kind}`, kind, context, subject: stream, doneBy };
        lines.set(key, { key, line: { ...what, status: 'open', openedAt: committedAt, openedBy: by } });
        openKeys.set(kind, key);
      }
    }
    before.add(event.type);
  }
  return [...lines.values()];
}
