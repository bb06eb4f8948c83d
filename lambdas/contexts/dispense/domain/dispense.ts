import * as z from 'zod';
import { type Decider, type Decision, reject } from '../../../kernel/index.ts';
import type { DispenseEvent, Drug } from './events.ts';
import { addPatient, correctPatient, type Patient } from './patient.ts';
import {
  type AnalysisResult,
  addPage,
  confirmed,
  type Prescription,
  prescriptionSchema,
  settleAnalysis,
  type UploadedDocument,
  unlessNewest,
  unlessSettled,
  uploaded,
} from './prescription.ts';

/** Maximum number of lines of drugs of one dispense. */
export const drugsMaxCount = 50;

/** The commands on a dispense; all their data is plain. `now` is the time of the command: ISO 8601, UTC, ms. */
export type DispenseCommand =
  | { readonly type: 'Start'; readonly now: string }
  /** The document replaces all pages of the prescription, if it has any. */
  | ({ readonly type: 'UploadPrescription' } & UploadedDocument)
  /** The document is a further page of the prescription. */
  | ({ readonly type: 'AddPage' } & UploadedDocument)
  /** From the analysis, for the upload with this key. A newer upload makes it late. */
  | AnalysisResult
  /** `analysis`: id of the newest analysis, which the person has compared with what is handed over. */
  | { readonly type: 'ConfirmAnalysis'; readonly analysis: string; readonly now: string }
  | ({ readonly type: 'AddPatient' } & Patient)
  /** The patient replaces the one of the dispense as a whole. Also after the end. */
  | ({ readonly type: 'CorrectPatient' } & Patient)
  /** `analysis`: id of the newest analysis, which the person has seen. This confirms it. */
  | {
      readonly type: 'AddDrugs';
      readonly drugs: readonly Drug[];
      readonly analysis?: string | undefined;
    }
  | { readonly type: 'Complete'; readonly now: string }
  | { readonly type: 'Cancel'; readonly reason: string; readonly now: string }
  /** From the eraser. `legalGround`: one of its words, no free text. */
  | { readonly type: 'Erase'; readonly legalGround: string; readonly now: string };

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
      readonly prescription?: Prescription;
      /** Present if the data of the patient were erased. Then nothing changes any more. */
      readonly isErased?: true;
    };

type KnownDispense = Exclude<Dispense, { status: 'unknown' }>;

/** The states after the first event, for {@link Decider.isState}. */
const existing = z.object({
  status: z.enum(dispenseStatuses),
  hasPatient: z.boolean(),
  drugCount: z.number(),
  prescription: prescriptionSchema.optional(),
  isErased: z.literal(true).optional(),
});

/** The rules of dispenses. */
export const dispense: Decider<Dispense, DispenseCommand, DispenseEvent> = {
  category: 'dispense',
  stateVersion: 2,
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
      return { ...state, status: 'analyzing', prescription: uploaded(event.data) };
    case 'Dispense:PrescriptionAnalyzed':
      return analyzed(state, event.data.uploadEventId, event.data.trusted ? 'trusted' : 'to-review');
    case 'Dispense:AnalysisFailed':
      return analyzed(state, event.data.uploadEventId, 'to-review');
    case 'Dispense:AnalysisConfirmed':
      return seen(state);
    case 'Dispense:PatientAdded':
    case 'Dispense:PatientCorrected':
      return { ...state, hasPatient: true };
    case 'Dispense:DrugsAdded': {
      const drugCount = state.drugCount + event.data.drugs.length;
      return { ...(event.data.confirmsAnalysis ? seen(state) : state), drugCount };
    }
    case 'Dispense:Completed':
      return { ...state, status: 'complete' };
    case 'Dispense:Cancelled':
      return { ...state, status: 'cancelled' };
    case 'Dispense:Erased':
      return { ...state, status: statusAfterErasure(state.status), isErased: true };
    default: {
      const unknown: never = event;
      // Only the type: the data may be personal.
      throw new TypeError(`Not a dispense event: ${(unknown as DispenseEvent).type}`);
    }
  }
}

/** An erasure cancels a dispense that has not ended: nobody can know any more for whom it was. */
export function statusAfterErasure(status: DispenseStatus): DispenseStatus {
  return status === 'complete' ? status : 'cancelled';
}

function analyzed(state: KnownDispense, analysis: string, review: 'to-review' | 'trusted'): KnownDispense {
  if (!state.prescription) return state;
  return { ...state, status: 'ready', prescription: { keys: state.prescription.keys, review, analysis } };
}

/** Drugs of schema version 1 confirm also if there is no reading. */
function seen(state: KnownDispense): KnownDispense {
  return state.prescription ? { ...state, prescription: confirmed(state.prescription) } : state;
}

function decide(command: DispenseCommand, state: Dispense): Decision<DispenseEvent> {
  if (command.type === 'Start') return start(command, state);
  if (state.status === 'unknown') {
    return reject('not-found', 'dispense/not-found', 'There is no dispense with this id. Start it first.');
  }
  if (command.type === 'Erase') return erase(command, state);
  if (command.type === 'RecordAnalysis' || command.type === 'FailAnalysis') {
    const isLate = state.status !== 'analyzing' || !state.prescription;
    return isLate ? [] : settleAnalysis(command, state.prescription);
  }
  return state.isErased ? erased() : decideByPerson(command, state);
}

type Command<Type extends DispenseCommand['type']> = Extract<DispenseCommand, { type: Type }>;
/** What people send to a dispense that exists. */
type PersonCommand = Exclude<
  DispenseCommand,
  { type: 'Start' | 'Erase' | 'RecordAnalysis' | 'FailAnalysis' }
>;

function decideByPerson(command: PersonCommand, state: KnownDispense): Decision<DispenseEvent> {
  if (command.type === 'ConfirmAnalysis') return confirmAnalysis(command, state);
  if (command.type === 'CorrectPatient') return correctPatient(command, state.hasPatient);
  if (state.status === 'complete' || state.status === 'cancelled') return ended(state.status);
  switch (command.type) {
    case 'UploadPrescription': {
      const { type: _, now, ...document } = command;
      return [{ type: 'Dispense:PrescriptionUploaded', data: { ...document, earlierKeys: [], at: now } }];
    }
    case 'AddPage': {
      const { type: _, ...document } = command;
      return addPage(document, state.prescription);
    }
    case 'AddPatient':
      return addPatient(command, state.hasPatient);
    case 'AddDrugs':
      return addDrugs(command, state);
    case 'Complete':
      return complete(command, state);
    case 'Cancel':
      return [{ type: 'Dispense:Cancelled', data: { reason: command.reason, at: command.now } }];
    default: {
      const unknown: never = command;
      throw new TypeError(`Not a dispense command: ${(unknown as DispenseCommand).type}`);
    }
  }
}

function start({ now }: Command<'Start'>, state: Dispense): Decision<DispenseEvent> {
  if (state.status === 'unknown') return [{ type: 'Dispense:Started', data: { at: now } }];
  if (state.isErased) return erased();
  return reject('refused', 'dispense/already-started', 'A dispense with this id already exists.');
}

/** Without effect if the data were erased before. */
function erase({ legalGround, now }: Command<'Erase'>, state: KnownDispense): Decision<DispenseEvent> {
  return state.isErased ? [] : [{ type: 'Dispense:Erased', data: { legalGround, at: now } }];
}

function erased(): Decision<DispenseEvent> {
  return reject(
    'refused',
    'dispense/erased',
    'The personal data of the dispense were erased, and it can no longer change. Start a new dispense.',
  );
}

function ended(status: 'complete' | 'cancelled'): Decision<DispenseEvent> {
  return status === 'complete'
    ? reject('refused', 'dispense/complete', 'The dispense is complete and can no longer change.')
    : reject('refused', 'dispense/cancelled', 'The dispense is cancelled and can no longer change.');
}

/** Also after completion: a dispense of an earlier release can be complete with an open review. */
function confirmAnalysis(
  { analysis, now }: Command<'ConfirmAnalysis'>,
  { status, prescription }: KnownDispense,
): Decision<DispenseEvent> {
  if (status === 'cancelled') return ended(status);
  const refusal = unlessNewest(analysis, prescription);
  if (refusal) return refusal;
  if (prescription?.review === 'confirmed') return [];
  return [{ type: 'Dispense:AnalysisConfirmed', data: { uploadEventId: analysis, at: now } }];
}

function addDrugs(
  { drugs, analysis }: Command<'AddDrugs'>,
  { drugCount, prescription }: KnownDispense,
): Decision<DispenseEvent> {
  const refusal = analysis === undefined ? undefined : unlessNewest(analysis, prescription);
  if (refusal) return refusal;
  if (drugCount + drugs.length > drugsMaxCount) {
    const detail = `A dispense has at most ${drugsMaxCount} lines of drugs. This one has ${drugCount}, and ${drugs.length} more exceed the maximum.`;
    return reject('refused', 'dispense/too-many-drugs', detail);
  }
  if (drugs.length === 0) return [];
  return [{ type: 'Dispense:DrugsAdded', data: { drugs, confirmsAnalysis: analysis !== undefined } }];
}

function complete(
  { now }: Command<'Complete'>,
  { hasPatient, drugCount, prescription }: KnownDispense,
): Decision<DispenseEvent> {
  const refusal = unlessSettled(prescription);
  if (refusal) return refusal;
  if (!hasPatient) return reject('refused', 'dispense/no-patient', 'Add the patient before completing.');
  if (drugCount === 0) {
    return reject('refused', 'dispense/no-drugs', 'Add at least one drug before completing.');
  }
  return [{ type: 'Dispense:Completed', data: { at: now } }];
}
