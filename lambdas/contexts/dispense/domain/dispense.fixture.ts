import type { DispenseCommand } from './dispense.ts';
import type { DispenseEvent, Drug, ProposedDrug } from './events.ts';
import type { AnalysisReading } from './trust.ts';

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

export const personId = '5e0b8c1a-7f0e-4c1d-9d53-2d6f8a1b3c47';

/** A line as an analysis reads it, with this confidence in each part. */
export function proposed(drug: Drug, confidence = 0.9): ProposedDrug {
  return {
    ...drug,
    quantityIsDerived: false,
    confidence: {
      name: confidence,
      strength: confidence,
      form: confidence,
      quantity: confidence,
      directions: confidence,
    },
    doubts: [],
  };
}
/** A reading that needs no review. */
export const trustedReading: AnalysisReading = {
  analyzer: 'embedded',
  confidence: 0.9,
  drugs: [proposed(amoxicillin)],
  setAside: [],
  notUnderstood: [],
  notUnderstoodMore: 0,
  doubts: [],
};
/** A reading that a person must review. */
export const doubtfulReading: AnalysisReading = {
  ...trustedReading,
  confidence: 0,
  setAside: ['Stop: Ibuprofen 400 mg'],
  notUnderstood: ['Warf 0.5 1-0-1'],
};

const document = {
  sizeBytes: 19,
  contentType: 'text/plain',
  sha256: 'd0a3f1c2',
} as const;

export const started = (now = at(0)): DispenseEvent => ({ type: 'Dispense:Started', data: { at: now } });
export const uploaded = (key = 'k1', now = at(1), earlierKeys: readonly string[] = []): DispenseEvent => ({
  type: 'Dispense:PrescriptionUploaded',
  data: { key, earlierKeys, ...document, at: now },
});
export const analyzed = (uploadEventId = 'e1', reading = trustedReading): DispenseEvent => ({
  type: 'Dispense:PrescriptionAnalyzed',
  data: { uploadEventId, ...reading, trusted: reading === trustedReading },
});
export const analysisFailed = (uploadEventId = 'e1'): DispenseEvent => ({
  type: 'Dispense:AnalysisFailed',
  data: { uploadEventId, reason: 'The document has no text.' },
});
export const patientAdded: DispenseEvent = { type: 'Dispense:PatientAdded', data: { ...patient, personId } };
export const patientCorrected: DispenseEvent = {
  type: 'Dispense:PatientCorrected',
  data: { name: patient.name, birthDate: '1958-04-30', personId },
};
export const drugsAdded = (...drugs: readonly Drug[]): DispenseEvent => ({
  type: 'Dispense:DrugsAdded',
  data: { drugs, confirmsAnalysis: false },
});
export const seenDrugsAdded = (...drugs: readonly Drug[]): DispenseEvent => ({
  type: 'Dispense:DrugsAdded',
  data: { drugs, confirmsAnalysis: true },
});
export const analysisConfirmed = (uploadEventId = 'e1', now = at(3)): DispenseEvent => ({
  type: 'Dispense:AnalysisConfirmed',
  data: { uploadEventId, at: now },
});
export const completed = (now = at(9)): DispenseEvent => ({ type: 'Dispense:Completed', data: { at: now } });
export const cancelled = (now = at(9)): DispenseEvent => ({
  type: 'Dispense:Cancelled',
  data: { reason: 'Entered twice', at: now },
});
export const erased = (now = at(10)): DispenseEvent => ({
  type: 'Dispense:Erased',
  data: { legalGround: 'consent-withdrawn', at: now },
});

export const start: DispenseCommand = { type: 'Start', now: at(0) };
export const upload = (key = 'k1', now = at(1)): DispenseCommand => ({
  type: 'UploadPrescription',
  key,
  ...document,
  now,
});
export const addPage = (key = 'k2', now = at(1)): DispenseCommand => ({
  type: 'AddPage',
  key,
  ...document,
  now,
});
export const recordAnalysis = (
  key = 'k1',
  uploadEventId = 'e1',
  reading = trustedReading,
): DispenseCommand => ({ type: 'RecordAnalysis', key, uploadEventId, ...reading });
export const failAnalysis = (key = 'k1', uploadEventId = 'e1'): DispenseCommand => ({
  type: 'FailAnalysis',
  key,
  uploadEventId,
  reason: 'The document has no text.',
});
export const addPatient: DispenseCommand = { type: 'AddPatient', ...patient, personId, now: at(2) };
export const correctPatient: DispenseCommand = {
  type: 'CorrectPatient',
  name: patient.name,
  birthDate: '1958-04-30',
  personId,
  now: at(4),
};
export const addDrugs = (...drugs: readonly Drug[]): DispenseCommand => ({ type: 'AddDrugs', drugs });
/** Drugs added by a person who has seen the analysis with this id. */
export const addSeenDrugs = (analysis: string, ...drugs: readonly Drug[]): DispenseCommand => ({
  type: 'AddDrugs',
  analysis,
  drugs,
});
export const confirmAnalysis = (analysis = 'e1', now = at(3)): DispenseCommand => ({
  type: 'ConfirmAnalysis',
  analysis,
  now,
});
export const complete: DispenseCommand = { type: 'Complete', now: at(9) };
export const cancel: DispenseCommand = { type: 'Cancel', reason: 'Entered twice', now: at(9) };
export const erase: DispenseCommand = { type: 'Erase', legalGround: 'consent-withdrawn', now: at(10) };

/** Events after which a dispense has each status. */
export const pending = [started()];
export const analyzing = [started(), uploaded()];
export const ready = [started(), uploaded(), analyzed()];
export const doubtful = [started(), uploaded(), analyzed('e1', doubtfulReading)];
export const failed = [started(), uploaded(), analysisFailed()];
/** What a dispense needs besides its prescription. */
export const patientAndDrugs = [patientAdded, drugsAdded(ibuprofen)];
