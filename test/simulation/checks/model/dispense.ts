import type { PersonCommand } from '../../history.ts';
import { type Decided, ok, type Permitted, type PlacedEvent, type Rules, refused } from './rules.ts';

/** A dispense. */
export interface Dispense {
  readonly state: 'absent' | 'pending' | 'analyzing' | 'ready' | 'complete' | 'cancelled';
  readonly hasPatient: boolean;
  readonly drugs: readonly unknown[];
  /** Id of the event of the newest upload. */
  readonly uploadId?: string;
  readonly isAnalyzed: boolean;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly updatedAt: string;
}

type DispenseCommand = Extract<PersonCommand, { context: 'dispense' }>;

const absent: Dispense = {
  state: 'absent',
  hasPatient: false,
  drugs: [],
  isAnalyzed: false,
  startedAt: '',
  updatedAt: '',
};

/** Lines of drugs of a dispense, at most. */
const maxDrugs = 50;

export const dispenseRules: Rules<Dispense> = {
  initial: absent,
  evolve: (dispense, event) => ({ ...dispense, ...changes(dispense, event), updatedAt: event.committedAt }),
  decide: ([dispense = absent], command, now) =>
    command.context === 'dispense' ? decide(dispense, command, now) : refused('not-dispense'),
  answer: ({ state }) => ({ state: [state] }),
  row: ({ state, drugs, startedAt, endedAt, updatedAt }): Permitted => {
    const times = { startedAt: [startedAt], endedAt: [endedAt], updatedAt: [updatedAt] };
    // The API shows what is in an envelope, so only plain drugs have one form.
    return { state: [state], ...times, ...(drugs.every(isPlain) && { drugs: [drugs] }) };
  },
  line: () => undefined,
  reactionProblem: ({ state, uploadId }, events) => {
    const [event, more] = events;
    const isResult =
      event?.type === 'Dispense:PrescriptionAnalyzed' || event?.type === 'Dispense:AnalysisFailed';
    if (!isResult || more !== undefined)
      return 'The recorder records nothing but the result of one analysis.';
    if (state !== 'analyzing') return 'No analysis was under way.';
    return event.data['uploadEventId'] === uploadId ? undefined : 'It is the result of an older upload.';
  },
};

function isPlain(drug: unknown): boolean {
  return typeof (drug as { readonly name?: unknown } | null)?.name === 'string';
}

function changes({ drugs }: Dispense, { type, id, data }: PlacedEvent): Partial<Dispense> {
  const at = String(data['at']);
  switch (type) {
    case 'Dispense:Started':
      return { state: 'pending', startedAt: at };
    case 'Dispense:PrescriptionUploaded':
      return { state: 'analyzing', uploadId: id, isAnalyzed: false };
    case 'Dispense:PrescriptionAnalyzed':
      return { state: 'ready', isAnalyzed: true };
    case 'Dispense:AnalysisFailed':
      return { state: 'ready' };
    case 'Dispense:PatientAdded':
      return { hasPatient: true };
    case 'Dispense:DrugsAdded':
      return { drugs: [...drugs, ...listOf(data['drugs'])] };
    case 'Dispense:Completed':
      return { state: 'complete', endedAt: at };
    case 'Dispense:Cancelled':
      return { state: 'cancelled', endedAt: at };
    default:
      return {};
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function decide(dispense: Dispense, command: DispenseCommand, now: string): Decided {
  const { state } = dispense;
  if (command.do === 'start') {
    return state === 'absent'
      ? ok([{ type: 'Dispense:Started', data: { at: now } }])
      : refused('dispense/already-started');
  }
  if (state === 'absent') return refused('dispense/not-found');
  if (state === 'complete' || state === 'cancelled') return refused(`dispense/${state}`);
  if (command.do === 'cancel') return ok([{ type: 'Dispense:Cancelled', data: { at: now } }]);
  if (state === 'analyzing') return refused('dispense/analyzing');
  return decideOpen(dispense, command, now);
}

function decideOpen(
  { hasPatient, drugs, isAnalyzed }: Dispense,
  command: Exclude<DispenseCommand, { do: 'start' | 'cancel' }>,
  now: string,
): Decided {
  switch (command.do) {
    case 'upload':
      if (isAnalyzed) return refused('dispense/already-analyzed');
      return ok([{ type: 'Dispense:PrescriptionUploaded', data: { at: now } }]);
    case 'add-patient':
      return hasPatient
        ? refused('dispense/patient-already-added')
        : ok([{ type: 'Dispense:PatientAdded', data: {} }]);
    case 'add-drugs':
      if (drugs.length + command.drugs.length > maxDrugs) return refused('dispense/too-many-drugs');
      return ok([
        { type: 'Dispense:DrugsAdded', data: {}, fits: (data) => areDrugs(data['drugs'], command.drugs) },
      ]);
    default:
      if (!hasPatient) return refused('dispense/no-patient');
      if (drugs.length === 0) return refused('dispense/no-drugs');
      return ok([{ type: 'Dispense:Completed', data: { at: now } }]);
  }
}

/** The same number of drugs, with these names where they are plain. */
function areDrugs(found: unknown, names: readonly string[]): boolean {
  const drugs = listOf(found);
  const nameOf = (drug: unknown) => (drug as { readonly name?: unknown }).name;
  return (
    drugs.length === names.length &&
    drugs.every((drug, index) => !isPlain(drug) || nameOf(drug) === names[index])
  );
}
