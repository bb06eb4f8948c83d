import type { StoredEvent } from '../../../kernel/index.ts';
import { envelopeOf } from '../../../kernel/testing/index.ts';

/**
 * Streams as each version of this context wrote them. Never edit an entry: recorded events must always load. When an
 * event's schema changes, add a stream that the new code wrote.
 */
export const recordedStreams: Readonly<Record<string, readonly StoredEvent[]>> = {
  'a dispense from a prescription': [
    event('Dispense:Started', { at: '2026-01-02T12:00:00.000Z' }),
    event('Dispense:PrescriptionUploaded', {
      key: 'ce0d1d2e-7c35-4b0a-b50d-0b7d5ea1c7b1',
      sizeBytes: 7,
      contentType: 'image/png',
      sha256: 'aa',
      at: '2026-01-02T12:01:00.000Z',
    }),
    event('Dispense:AnalysisFailed', { uploadEventId: 'recorded', reason: 'The picture is blank.' }),
    event('Dispense:PrescriptionUploaded', {
      key: '0f8c5c7e-3a52-4a4e-9a3c-1f2f8f0cb6b5',
      sizeBytes: 9,
      contentType: 'application/pdf',
      sha256: 'bb',
      at: '2026-01-02T12:02:00.000Z',
    }),
    event('Dispense:PrescriptionAnalyzed', {
      uploadEventId: 'recorded',
      analyzer: 'embedded',
      confidence: 0.75,
      drugs: [drug('Amoxicillin')],
    }),
    event('Dispense:PatientAdded', { name: 'A. Recorded', birthDate: '1900-01-01', identifier: 'R-1' }),
    event('Dispense:DrugsAdded', { drugs: [drug('Amoxicillin'), drug('Ibuprofen')] }),
    event('Dispense:Completed', { at: '2026-01-02T12:03:00.000Z' }),
  ],
  'a dispense by hand, cancelled': [
    event('Dispense:Started', { at: '2026-01-02T12:00:00.000Z' }),
    event('Dispense:PatientAdded', { name: 'B. Recorded', birthDate: '2024-02-29' }),
    event('Dispense:DrugsAdded', { drugs: [drug('Ibuprofen')] }),
    event('Dispense:Cancelled', { reason: 'Entered twice', at: '2026-01-02T12:03:00.000Z' }),
  ],
  'a dispense with envelopes': [
    event('Dispense:Started', { at: '2026-11-26T12:00:00.000Z' }),
    event('Dispense:PrescriptionUploaded', {
      key: '0f8c5c7e-3a52-4a4e-9a3c-1f2f8f0cb6b5',
      sizeBytes: 9,
      contentType: 'application/pdf',
      sha256: envelope('sha256', 'ee'),
      at: '2026-11-26T12:02:00.000Z',
    }),
    event('Dispense:PrescriptionAnalyzed', {
      uploadEventId: 'recorded',
      analyzer: 'embedded',
      confidence: 0.75,
      drugs: [envelope('drugs[0]', drug('Amoxicillin')), drug('Ibuprofen')],
    }),
    event('Dispense:PatientAdded', {
      name: envelope('name', 'D. Recorded'),
      birthDate: envelope('birthDate', '1970-01-01'),
      identifier: envelope('identifier', 'R-4711'),
    }),
    event('Dispense:DrugsAdded', { drugs: [drug('Ibuprofen'), envelope('drugs[1]', drug('Senna'))] }),
    event('Dispense:Cancelled', {
      reason: envelope('reason', 'Entered twice'),
      at: '2026-11-26T12:03:00.000Z',
    }),
  ],
  'a prescription of two pages, confirmed': [
    event('Dispense:Started', { at: '2026-11-27T12:00:00.000Z' }),
    event(
      'Dispense:PrescriptionUploaded',
      {
        key: '3c1e2a55-94a7-4a2b-8f0e-64d3b7a1c9d2',
        sizeBytes: 7,
        contentType: 'image/jpeg',
        sha256: 'cc',
        earlierKeys: [],
        at: '2026-11-27T12:01:00.000Z',
      },
      2,
    ),
    event('Dispense:PatientAdded', { name: 'C. Recorded', birthDate: '1999-12-31' }),
    event('Dispense:AnalysisFailed', { uploadEventId: 'recorded', reason: 'The picture is blank.' }),
    event(
      'Dispense:PrescriptionUploaded',
      {
        key: '7d9f5f0a-1b0e-4f6c-9a34-2f4f0e8f6b11',
        sizeBytes: 9,
        contentType: 'text/plain',
        sha256: 'dd',
        earlierKeys: ['3c1e2a55-94a7-4a2b-8f0e-64d3b7a1c9d2'],
        at: '2026-11-27T12:02:00.000Z',
      },
      2,
    ),
    event(
      'Dispense:PrescriptionAnalyzed',
      {
        uploadEventId: 'recorded-2',
        analyzer: 'embedded',
        confidence: 0,
        drugs: [proposal('Amoxicillin')],
        setAside: ['Stop: Warfarin 3 mg'],
        notUnderstood: ['Pred 2.5 1-0-0'],
        notUnderstoodMore: 3,
        doubts: ['hidden-text'],
        trusted: false,
      },
      2,
    ),
    event('Dispense:AnalysisConfirmed', { uploadEventId: 'recorded-2', at: '2026-11-27T12:04:00.000Z' }),
    event(
      'Dispense:DrugsAdded',
      { drugs: [{ ...drug('Amoxicillin'), form: null, directions: null }], confirmsAnalysis: false },
      2,
    ),
    event('Dispense:Completed', { at: '2026-11-27T12:05:00.000Z' }),
  ],
  'a prescription that was replaced, with envelopes': [
    event('Dispense:Started', { at: '2026-11-27T12:00:00.000Z' }),
    event(
      'Dispense:PrescriptionUploaded',
      {
        key: '3c1e2a55-94a7-4a2b-8f0e-64d3b7a1c9d2',
        sizeBytes: 7,
        contentType: 'image/jpeg',
        sha256: envelope('sha256', 'cc'),
        earlierKeys: [],
        at: '2026-11-27T12:01:00.000Z',
      },
      2,
    ),
    event(
      'Dispense:PrescriptionAnalyzed',
      {
        uploadEventId: 'recorded',
        analyzer: 'bedrock',
        confidence: 0.9,
        drugs: [envelope('drugs[0]', proposal('Amoxicillin')), proposal('Ibuprofen')],
        setAside: [envelope('setAside[0]', 'Stop: Warfarin 3 mg'), 'No penicillin'],
        notUnderstood: [envelope('notUnderstood[0]', 'Pred 5 1-0-0'), 'Pred 2.5 1-0-0'],
        notUnderstoodMore: 0,
        doubts: [],
        trusted: false,
      },
      2,
    ),
    event(
      'Dispense:PrescriptionUploaded',
      {
        key: '7d9f5f0a-1b0e-4f6c-9a34-2f4f0e8f6b11',
        sizeBytes: 9,
        contentType: 'text/plain',
        sha256: envelope('sha256', 'dd'),
        earlierKeys: [],
        at: '2026-11-27T12:02:00.000Z',
      },
      2,
    ),
    event(
      'Dispense:PrescriptionAnalyzed',
      {
        uploadEventId: 'recorded-2',
        analyzer: 'embedded',
        confidence: 0.9,
        drugs: [envelope('drugs[0]', proposal('Senna'))],
        setAside: [],
        notUnderstood: [],
        notUnderstoodMore: 0,
        doubts: [],
        trusted: true,
      },
      2,
    ),
    event('Dispense:DrugsAdded', { drugs: [envelope('drugs[0]', drug('Senna'))], confirmsAnalysis: true }, 2),
  ],
  'a patient who was corrected, and erased': [
    event('Dispense:Started', { at: '2026-12-01T12:00:00.000Z' }),
    event('Dispense:PatientAdded', { name: 'D. Recorded', birthDate: '1970-01-01' }),
    event('Dispense:DrugsAdded', { drugs: [drug('Ibuprofen')], confirmsAnalysis: false }, 2),
    event('Dispense:PatientCorrected', {
      name: 'D. Corrected',
      birthDate: '1970-01-02',
      identifier: 'R-4',
      personId: '5e0b8c1a-7f0e-4c1d-9d53-2d6f8a1b3c47',
    }),
    event('Dispense:Completed', { at: '2026-12-01T12:05:00.000Z' }),
    event('Dispense:PatientCorrected', {
      name: envelope('name', 'D. Corrected'),
      birthDate: envelope('birthDate', '1970-01-02'),
      identifier: envelope('identifier', 'R-5'),
      personId: '9c3a1e54-0b67-4a0a-8f8b-6b8f2f3f1d20',
    }),
    event('Dispense:Erased', { legalGround: 'consent-withdrawn', at: '2027-01-01T12:00:00.000Z' }),
  ],
  'an open dispense that was erased': [
    event('Dispense:Started', { at: '2026-12-01T12:00:00.000Z' }),
    event('Dispense:PatientAdded', {
      name: envelope('name', 'D. Corrected'),
      birthDate: envelope('birthDate', '1970-01-02'),
      personId: '5e0b8c1a-7f0e-4c1d-9d53-2d6f8a1b3c47',
    }),
    event(
      'Dispense:PrescriptionUploaded',
      {
        key: '3c1e2a55-94a7-4a2b-8f0e-64d3b7a1c9d2',
        sizeBytes: 7,
        contentType: 'image/jpeg',
        sha256: envelope('sha256', 'ff'),
        earlierKeys: [],
        at: '2026-12-01T12:01:00.000Z',
      },
      2,
    ),
    event('Dispense:Erased', { legalGround: 'retention-ended', at: '2027-01-01T12:00:00.000Z' }),
  ],
};

/** A drug as a person enters it. */
export function drug(name: string) {
  return { name, strength: '500 mg', form: 'capsule', quantity: 21, directions: '1 three times a day' };
}

/** A drug as an analysis proposes it. */
export function proposal(name: string) {
  const confidence = { name: 0.9, strength: 0.95, form: 0.9, quantity: 0.8, directions: null };
  return { ...drug(name), directions: null, quantityIsDerived: true, confidence, doubts: ['unknown-name'] };
}

/** A personal value of a recorded event in its envelope. */
export function envelope(path: string, value: unknown) {
  return envelopeOf({ stream: 'dispense/recorded', path }, value);
}

function event(type: string, data: object, schemaVersion = 1): StoredEvent {
  return { id: 'recorded', type, schemaVersion, data };
}
