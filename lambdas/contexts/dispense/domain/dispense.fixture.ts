import type { DispenseCommand } from './dispense.ts';
import type { DispenseEvent, Drug } from './events.ts';

/** An instant of the specs' day: noon plus minutes. */
export function at(minutes: number): string {
  return new Date(Date.UTC(2026, 0, 2, 12) + minutes * 60_000).toISOString();
}

export const amoxicillin: Drug = {
  name: 'Amoxicillin',
  strength: '500 mg',
  form: 'capsule',
  quantity: 21,
  directions: '1 capsule three times a day',
};
export const ibuprofen: Drug = {
  name: 'Ibuprofen',
  strength: '400 mg',
  form: 'tablet',
  quantity: 20,
  directions: '1 tablet when needed, at most 3 a day',
};
/** Unique values, so that a search for them finds only leaks of personal data. */
export const patient = {
  name: 'Wilhelmine Quackenbush',
  birthDate: '1957-04-30',
  identifier: 'INS-7351-XQ',
} as const;

const document = {
  sizeBytes: 19,
  contentType: 'text/plain',
  sha256: 'd0a3f1c2',
} as const;

export const started = (now = at(0)): DispenseEvent => ({ type: 'Dispense:Started', data: { at: now } });
export const uploaded = (key = 'k1', now = at(1)): DispenseEvent => ({
  type: 'Dispense:PrescriptionUploaded',
  data: { key, ...document, at: now },
});
export const analyzed = (uploadEventId = 'e1'): DispenseEvent => ({
  type: 'Dispense:PrescriptionAnalyzed',
  data: { uploadEventId, analyzer: 'embedded', confidence: 0.9, drugs: [amoxicillin] },
});
export const analysisFailed = (uploadEventId = 'e1'): DispenseEvent => ({
  type: 'Dispense:AnalysisFailed',
  data: { uploadEventId, reason: 'The document has no text.' },
});
export const patientAdded: DispenseEvent = { type: 'Dispense:PatientAdded', data: patient };
export const drugsAdded = (...drugs: readonly Drug[]): DispenseEvent => ({
  type: 'Dispense:DrugsAdded',
  data: { drugs },
});
export const completed = (now = at(9)): DispenseEvent => ({ type: 'Dispense:Completed', data: { at: now } });
export const cancelled = (now = at(9)): DispenseEvent => ({
  type: 'Dispense:Cancelled',
  data: { reason: 'Entered twice', at: now },
});

export const start: DispenseCommand = { type: 'Start', now: at(0) };
export const upload = (key = 'k1', now = at(1)): DispenseCommand => ({
  type: 'UploadPrescription',
  key,
  ...document,
  now,
});
export const recordAnalysis = (key = 'k1', uploadEventId = 'e1'): DispenseCommand => ({
  type: 'RecordAnalysis',
  key,
  uploadEventId,
  analyzer: 'embedded',
  confidence: 0.9,
  drugs: [amoxicillin],
});
export const failAnalysis = (key = 'k1', uploadEventId = 'e1'): DispenseCommand => ({
  type: 'FailAnalysis',
  key,
  uploadEventId,
  reason: 'The document has no text.',
});
export const addPatient: DispenseCommand = { type: 'AddPatient', ...patient, now: at(2) };
export const addDrugs = (...drugs: readonly Drug[]): DispenseCommand => ({ type: 'AddDrugs', drugs });
export const complete: DispenseCommand = { type: 'Complete', now: at(9) };
export const cancel: DispenseCommand = { type: 'Cancel', reason: 'Entered twice', now: at(9) };
