import type { PersonCommand } from '../../history.ts';
import { type Page, readingProblem } from './readings.ts';
import { type Decided, ok, type Permitted, type PlacedEvent, type Rules, refused } from './rules.ts';

/** A dispense. */
export interface Dispense {
  readonly state: 'absent' | 'pending' | 'analyzing' | 'ready' | 'complete' | 'cancelled';
  readonly hasPatient: boolean;
  /** As the newest event says. */
  readonly patient?: Fields;
  readonly isErased?: boolean;
  readonly drugs: readonly unknown[];
  /** All pages of the newest prescription. */
  readonly pages: readonly Page[];
  /** Id of the event of the newest upload. */
  readonly uploadId?: string;
  /** Id of the newest result. Absent: there is no prescription, or it is being analyzed. */
  readonly analysisId?: string | undefined;
  /** What must still happen with the newest result. */
  readonly review: 'none' | 'open' | 'confirmed';
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly updatedAt: string;
}

type DispenseCommand = Extract<PersonCommand, { context: 'dispense' }>;

const absent: Dispense = {
  state: 'absent',
  hasPatient: false,
  drugs: [],
  pages: [],
  review: 'none',
  startedAt: '',
  updatedAt: '',
};

/** Lines of drugs of a dispense, and pages of a prescription, at most. */
const maxDrugs = 50;
const maxPages = 5;

export const dispenseRules: Rules<Dispense> = {
  initial: absent,
  evolve: (dispense, event) => ({ ...dispense, ...changes(dispense, event), updatedAt: event.committedAt }),
  decide: ([dispense = absent], command, now) =>
    command.context === 'dispense' ? decide(dispense, command, now) : refused('not-dispense'),
  answer: ({ state }) => ({ state: [state] }),
  row: ({ state, drugs, patient, startedAt, endedAt, updatedAt }): Permitted => {
    const times = { startedAt: [startedAt], endedAt: [endedAt], updatedAt: [updatedAt] };
    // The API shows what is in an envelope, so only plain drugs have one form.
    return {
      ...{ state: [state], ...times },
      ...(drugs.every(isPlain) && { drugs: [drugs, drugs.map(() => erased)] }),
      ...(isPlain(patient) && { patient: [patient, erasedPatient(patient)] }),
    };
  },
  line: () => undefined,
  reactionProblem: ({ state, uploadId, pages, isErased }, events) => {
    const [event, more] = events;
    if (event?.type === 'Dispense:Erased' && more === undefined)
      return isErased ? 'It was erased before.' : undefined;
    const isResult =
      event?.type === 'Dispense:PrescriptionAnalyzed' || event?.type === 'Dispense:AnalysisFailed';
    if (!isResult || more !== undefined)
      return 'The recorder records nothing but the result of one analysis.';
    if (state !== 'analyzing') return 'No analysis was under way.';
    if (event.data['uploadEventId'] !== uploadId) return 'It is the result of an older upload.';
    return readingProblem(event, pages);
  },
};

function isPlain<One>(one: One | undefined): one is One {
  return typeof (one as { readonly name?: unknown } | null | undefined)?.name === 'string';
}

type Fields = Readonly<Record<string, unknown>>;

/** What the API shows in the place of a personal value whose key is destroyed. */
const erased = { erased: true };

/** The id of the person is not erased: it is random. */
function erasedPatient({ personId, ...personal }: Fields): Fields {
  return { personId, ...Object.fromEntries(Object.keys(personal).map((field) => [field, erased])) };
}

function changes(dispense: Dispense, { type, id, data }: PlacedEvent): Partial<Dispense> {
  const { drugs, pages, analysisId, review } = dispense;
  const at = String(data['at']);
  switch (type) {
    case 'Dispense:Started':
      return { state: 'pending', startedAt: at };
    case 'Dispense:PrescriptionUploaded': {
      const page = { key: data['key'], text: data['sha256'] };
      const isFurther = listOf(data['earlierKeys']).length > 0;
      const result = { analysisId: undefined, review: 'none' } as const;
      return { state: 'analyzing', uploadId: id, pages: isFurther ? [...pages, page] : [page], ...result };
    }
    case 'Dispense:PrescriptionAnalyzed':
    case 'Dispense:AnalysisFailed': {
      const isTrusted = data['trusted'] === true;
      return {
        state: 'ready',
        analysisId: String(data['uploadEventId']),
        review: isTrusted ? 'none' : 'open',
      };
    }
    case 'Dispense:AnalysisConfirmed':
      return { review: 'confirmed' };
    case 'Dispense:PatientAdded':
    case 'Dispense:PatientCorrected':
      return { hasPatient: true, patient: data };
    case 'Dispense:DrugsAdded': {
      const confirms = data['confirmsAnalysis'] === true && analysisId !== undefined;
      return { drugs: [...drugs, ...listOf(data['drugs'])], review: confirms ? 'confirmed' : review };
    }
    case 'Dispense:Completed':
      return { state: 'complete', endedAt: at };
    case 'Dispense:Cancelled':
      return { state: 'cancelled', endedAt: at };
    case 'Dispense:Erased': {
      const { state, endedAt = at } = dispense;
      return { state: state === 'complete' ? state : 'cancelled', endedAt, isErased: true };
    }
    default:
      return {};
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function decide(dispense: Dispense, command: DispenseCommand, now: string): Decided {
  const { state, isErased } = dispense;
  if (isErased) return refused('dispense/erased');
  if (command.do === 'start') {
    return state === 'absent'
      ? ok([{ type: 'Dispense:Started', data: { at: now } }])
      : refused('dispense/already-started');
  }
  if (state === 'absent') return refused('dispense/not-found');
  if (command.do === 'correct-patient') return correct(dispense, command);
  if (state === 'cancelled') return refused('dispense/cancelled');
  if (command.do === 'confirm') return confirm(dispense, command.analysis, now);
  if (state === 'complete') return refused('dispense/complete');
  if (command.do === 'cancel') return ok([{ type: 'Dispense:Cancelled', data: { at: now } }]);
  return decideOpen(dispense, command, now);
}

type PatientCommand = Extract<DispenseCommand, { name: string }>;

/** Also after the end. */
function correct({ hasPatient }: Dispense, command: PatientCommand): Decided {
  if (!hasPatient) return refused('dispense/no-patient');
  return ok([{ type: 'Dispense:PatientCorrected', ...patientOf(command) }]);
}

/** The values of the command where they are plain. */
function patientOf({ name, identifier }: PatientCommand) {
  const fits = (found: Fields) =>
    !isPlain(found) || (found['name'] === name && found['identifier'] === identifier);
  return { data: {}, fits };
}

/** Also on a complete dispense. The second time, there is nothing to do. */
function confirm(dispense: Dispense, analysis: string, now: string): Decided {
  const problem = unseen(dispense, analysis);
  if (problem !== undefined) return problem;
  const event = { type: 'Dispense:AnalysisConfirmed', data: { uploadEventId: analysis, at: now } };
  return ok(dispense.review === 'confirmed' ? [] : [event]);
}

/** The person has not seen the newest result. */
function unseen({ state, analysisId }: Dispense, analysis: string): Decided | undefined {
  if (state === 'analyzing') return refused('dispense/analyzing');
  return analysisId === analysis ? undefined : refused('dispense/another-analysis');
}

type OpenCommand = Exclude<DispenseCommand, { do: 'start' | 'cancel' | 'confirm' | 'correct-patient' }>;

function decideOpen(dispense: Dispense, command: OpenCommand, now: string): Decided {
  const { hasPatient, pages } = dispense;
  switch (command.do) {
    case 'upload':
      return uploaded(command.document, [], now);
    case 'add-page':
      if (pages.length === 0) return refused('dispense/no-first-page');
      if (pages.length >= maxPages) return refused('dispense/too-many-pages');
      return uploaded(command.document, pages, now);
    case 'add-patient':
      return hasPatient
        ? refused('dispense/patient-already-added')
        : ok([{ type: 'Dispense:PatientAdded', ...patientOf(command) }]);
    case 'add-drugs':
      return addDrugs(dispense, command);
    default:
      return complete(dispense, now);
  }
}

function uploaded(document: string, pages: readonly Page[], now: string): Decided {
  const data = { earlierKeys: pages.map(({ key }) => key), at: now };
  const fits = ({ sha256 }: Readonly<Record<string, unknown>>) =>
    typeof sha256 !== 'string' || sha256 === document;
  return ok([{ type: 'Dispense:PrescriptionUploaded', data, fits }]);
}

function addDrugs(
  dispense: Dispense,
  { drugs, analysis }: Extract<DispenseCommand, { do: 'add-drugs' }>,
): Decided {
  const problem = analysis === undefined ? undefined : unseen(dispense, analysis);
  if (problem !== undefined) return problem;
  if (dispense.drugs.length + drugs.length > maxDrugs) return refused('dispense/too-many-drugs');
  const data = { confirmsAnalysis: analysis !== undefined };
  return ok([{ type: 'Dispense:DrugsAdded', data, fits: (found) => areDrugs(found['drugs'], drugs) }]);
}

/** Nothing is handed over before a person has looked at what is in doubt. */
function complete({ state, review, hasPatient, drugs }: Dispense, now: string): Decided {
  if (state === 'analyzing') return refused('dispense/analyzing');
  if (review === 'open') return refused('dispense/analysis-unconfirmed');
  if (!hasPatient) return refused('dispense/no-patient');
  if (drugs.length === 0) return refused('dispense/no-drugs');
  return ok([{ type: 'Dispense:Completed', data: { at: now } }]);
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
