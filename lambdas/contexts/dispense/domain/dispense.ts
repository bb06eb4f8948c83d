import * as z from 'zod';
import { type Decider, type Decision, reject } from '../../../kernel/index.ts';
import type { DataOf, DispenseEvent, Drug } from './events.ts';

/** Maximum number of lines of drugs of one dispense. */
export const drugsMaxCount = 50;

type UploadData = DataOf<'Dispense:PrescriptionUploaded'>;
type AnalysisData = DataOf<'Dispense:PrescriptionAnalyzed'>;

/** The commands on a dispense; all their data is plain. `now` is the time of the command: ISO 8601, UTC, ms. */
export type DispenseCommand =
  | { readonly type: 'Start'; readonly now: string }
  | ({ readonly type: 'UploadPrescription'; readonly sha256: string; readonly now: string } & Omit<
      UploadData,
      'sha256' | 'at'
    >)
  /** From the analysis, for the upload with this key. The upload may have been replaced meanwhile. */
  | ({ readonly type: 'RecordAnalysis'; readonly key: string; readonly drugs: readonly Drug[] } & Omit<
      AnalysisData,
      'drugs'
    >)
  /** From the analysis, if the document cannot be read. `reason`: a sentence for people, without personal data. */
  | {
      readonly type: 'FailAnalysis';
      readonly key: string;
      readonly uploadEventId: string;
      readonly reason: string;
    }
  | {
      readonly type: 'AddPatient';
      readonly name: string;
      readonly birthDate: string;
      readonly identifier?: string | undefined;
      readonly now: string;
    }
  | { readonly type: 'AddDrugs'; readonly drugs: readonly Drug[] }
  | { readonly type: 'Complete'; readonly now: string }
  | { readonly type: 'Cancel'; readonly reason: string; readonly now: string };

/** The statuses of a started dispense. */
export const dispenseStatuses = ['pending', 'analyzing', 'ready', 'complete', 'cancelled'] as const;

export type DispenseStatus = (typeof dispenseStatuses)[number];

/** The state of a dispense. Snapshots store it, so it has no personal data. */
export type Dispense =
  | { readonly status: 'unknown' }
  | {
      readonly status: DispenseStatus;
      readonly hasPatient: boolean;
      readonly drugCount: number;
      /** The newest prescription. */
      readonly prescription?: {
        readonly key: string;
        readonly analysis: 'under-way' | 'done' | 'failed';
      };
    };

type KnownDispense = Exclude<Dispense, { status: 'unknown' }>;

/** The states after the first event, for {@link Decider.isState}. */
const existing = z.object({
  status: z.enum(dispenseStatuses),
  hasPatient: z.boolean(),
  drugCount: z.number(),
  prescription: z.object({ key: z.string(), analysis: z.enum(['under-way', 'done', 'failed']) }).optional(),
});

/** The rules of dispenses. */
export const dispense: Decider<Dispense, DispenseCommand, DispenseEvent> = {
  category: 'dispense',
  stateVersion: 1,
  isState: (value) => existing.safeParse(value).success,
  initialState: () => ({ status: 'unknown' }),
  evolve,
  decide,
};

function evolve(state: Dispense, event: DispenseEvent): Dispense {
  if (event.type === 'Dispense:Started') return { status: 'pending', hasPatient: false, drugCount: 0 };
  return state.status === 'unknown' ? state : evolveKnown(state, event);
}

function evolveKnown(
  state: KnownDispense,
  event: Exclude<DispenseEvent, { type: 'Dispense:Started' }>,
): KnownDispense {
  switch (event.type) {
    case 'Dispense:PrescriptionUploaded':
      return {
        ...state,
        status: 'analyzing',
        prescription: { key: event.data.key, analysis: 'under-way' },
      };
    case 'Dispense:PrescriptionAnalyzed':
      return analyzed(state, 'done');
    case 'Dispense:AnalysisFailed':
      return analyzed(state, 'failed');
    case 'Dispense:PatientAdded':
      return { ...state, hasPatient: true };
    case 'Dispense:DrugsAdded':
      return { ...state, drugCount: state.drugCount + event.data.drugs.length };
    case 'Dispense:Completed':
      return { ...state, status: 'complete' };
    case 'Dispense:Cancelled':
      return { ...state, status: 'cancelled' };
    default: {
      const unknown: never = event;
      // Only the type: the data may be personal.
      throw new TypeError(`Not a dispense event: ${(unknown as DispenseEvent).type}`);
    }
  }
}

function analyzed(state: KnownDispense, analysis: 'done' | 'failed'): KnownDispense {
  if (!state.prescription) return state;
  return { ...state, status: 'ready', prescription: { ...state.prescription, analysis } };
}

function decide(command: DispenseCommand, state: Dispense): Decision<DispenseEvent> {
  if (command.type === 'Start') return start(command, state);
  if (state.status === 'unknown') {
    return reject('not-found', 'dispense/not-found', 'There is no dispense with this id. Start it first.');
  }
  if (command.type === 'RecordAnalysis' || command.type === 'FailAnalysis') {
    return settleAnalysis(command, state);
  }
  if (state.status === 'complete' || state.status === 'cancelled') return ended(state.status);
  if (command.type === 'Cancel') {
    const { reason, now } = command;
    return [{ type: 'Dispense:Cancelled', data: { reason, at: now } }];
  }
  if (state.status === 'analyzing') {
    return reject(
      'refused',
      'dispense/analyzing',
      'The prescription is being analyzed. Wait until the dispense is ready, or cancel it.',
    );
  }
  switch (command.type) {
    case 'UploadPrescription':
      return uploadPrescription(command, state);
    case 'AddPatient':
      return addPatient(command, state);
    case 'AddDrugs':
      return addDrugs(command, state);
    case 'Complete':
      return complete(command, state);
    default: {
      const unknown: never = command;
      throw new TypeError(`Not a dispense command: ${(unknown as DispenseCommand).type}`);
    }
  }
}

type Command<Type extends DispenseCommand['type']> = Extract<DispenseCommand, { type: Type }>;

function start({ now }: Command<'Start'>, state: Dispense): Decision<DispenseEvent> {
  if (state.status === 'unknown') return [{ type: 'Dispense:Started', data: { at: now } }];
  return reject('refused', 'dispense/already-started', 'A dispense with this id already exists.');
}

function ended(status: 'complete' | 'cancelled'): Decision<DispenseEvent> {
  return status === 'complete'
    ? reject('refused', 'dispense/complete', 'The dispense is complete and can no longer change.')
    : reject('refused', 'dispense/cancelled', 'The dispense is cancelled and can no longer change.');
}

/** Records the result of an analysis. Ignores a late one: for an older upload, or for a dispense that has ended. */
function settleAnalysis(
  command: Command<'RecordAnalysis' | 'FailAnalysis'>,
  { status, prescription }: KnownDispense,
): Decision<DispenseEvent> {
  if (status !== 'analyzing' || prescription?.key !== command.key) return [];
  const { uploadEventId } = command;
  if (command.type === 'FailAnalysis') {
    return [{ type: 'Dispense:AnalysisFailed', data: { uploadEventId, reason: command.reason } }];
  }
  const { analyzer, confidence, drugs } = command;
  return [{ type: 'Dispense:PrescriptionAnalyzed', data: { uploadEventId, analyzer, confidence, drugs } }];
}

function uploadPrescription(
  { key, sizeBytes, contentType, sha256, now }: Command<'UploadPrescription'>,
  { prescription }: KnownDispense,
): Decision<DispenseEvent> {
  if (prescription?.analysis === 'done') {
    return reject(
      'refused',
      'dispense/already-analyzed',
      'The prescription of this dispense has been analyzed. Start another dispense for another prescription.',
    );
  }
  return [{ type: 'Dispense:PrescriptionUploaded', data: { key, sizeBytes, contentType, sha256, at: now } }];
}

function addPatient(
  { name, birthDate, identifier, now }: Command<'AddPatient'>,
  { hasPatient }: KnownDispense,
): Decision<DispenseEvent> {
  if (hasPatient) {
    return reject('refused', 'dispense/patient-already-added', 'The dispense already has a patient.');
  }
  if (birthDate > latestDayOnEarth(now)) {
    return reject('invalid', 'dispense/birth-date-in-the-future', 'A birth date cannot be in the future.');
  }
  const data = { name, birthDate, ...(identifier !== undefined && { identifier }) };
  return [{ type: 'Dispense:PatientAdded', data }];
}

/** The latest calendar day that any time zone has at an instant: the day at UTC+14. As YYYY-MM-DD. */
function latestDayOnEarth(now: string): string {
  const aheadMs = 14 * 60 * 60 * 1_000;
  return new Date(Date.parse(now) + aheadMs).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

function addDrugs({ drugs }: Command<'AddDrugs'>, { drugCount }: KnownDispense): Decision<DispenseEvent> {
  if (drugCount + drugs.length > drugsMaxCount) {
    const detail = `A dispense has at most ${drugsMaxCount} lines of drugs. This one has ${drugCount}, and ${drugs.length} more exceed the maximum.`;
    return reject('refused', 'dispense/too-many-drugs', detail);
  }
  return drugs.length === 0 ? [] : [{ type: 'Dispense:DrugsAdded', data: { drugs } }];
}

function complete(
  { now }: Command<'Complete'>,
  { hasPatient, drugCount }: KnownDispense,
): Decision<DispenseEvent> {
  if (!hasPatient) return reject('refused', 'dispense/no-patient', 'Add the patient before completing.');
  if (drugCount === 0) {
    return reject('refused', 'dispense/no-drugs', 'Add at least one drug before completing.');
  }
  return [{ type: 'Dispense:Completed', data: { at: now } }];
}
