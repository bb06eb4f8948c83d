import type { StoredEvent } from '../../../kernel/index.ts';

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
      sha256: envelope('sha256'),
      at: '2026-11-26T12:02:00.000Z',
    }),
    event('Dispense:PrescriptionAnalyzed', {
      uploadEventId: 'recorded',
      analyzer: 'embedded',
      confidence: 0.75,
      drugs: [envelope('drug-1'), drug('Ibuprofen')],
    }),
    event('Dispense:PatientAdded', {
      name: envelope('name'),
      birthDate: envelope('birthDate'),
      identifier: envelope('identifier'),
    }),
    event('Dispense:DrugsAdded', { drugs: [drug('Ibuprofen'), envelope('drug-2')] }),
    event('Dispense:Cancelled', { reason: envelope('reason'), at: '2026-11-26T12:03:00.000Z' }),
  ],
};

function drug(name: string) {
  return { name, strength: '500 mg', form: 'capsule', quantity: 21, directions: '1 three times a day' };
}

/** A protected value. The text stands for a ciphertext: nothing is encrypted yet. */
function envelope(text: string) {
  return { enc: text, key: '0b5a8a52-30f4-4f6e-9f38-1c2d9a4f7e61', v: 1 };
}

function event(type: string, data: object, schemaVersion = 1): StoredEvent {
  return { id: 'recorded', type, schemaVersion, data };
}
