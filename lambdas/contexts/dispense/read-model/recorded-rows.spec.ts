import { recordedRowsContract } from '../../../kernel/testing/index.ts';
import { drug, envelope, proposal, recordedStreams } from '../domain/recorded-events.fixture.ts';
import { dispenseProjection } from './projection.ts';

/** As row version 1 stored them. */
const first = {
  'a dispense from a prescription': {
    id: 'recorded',
    state: 'complete',
    drugs: [
      {
        name: 'Amoxicillin',
        strength: '500 mg',
        form: 'capsule',
        quantity: 21,
        directions: '1 three times a day',
      },
      {
        name: 'Ibuprofen',
        strength: '500 mg',
        form: 'capsule',
        quantity: 21,
        directions: '1 three times a day',
      },
    ],
    startedAt: '2026-01-02T12:00:00.000Z',
    updatedAt: '2026-01-01T00:00:07.000Z',
    prescription: {
      key: '0f8c5c7e-3a52-4a4e-9a3c-1f2f8f0cb6b5',
      sizeBytes: 9,
      contentType: 'application/pdf',
      sha256: 'bb',
      uploadedAt: '2026-01-02T12:02:00.000Z',
      analysis: {
        outcome: 'analyzed',
        analyzer: 'embedded',
        confidence: 0.75,
        drugs: [
          {
            name: 'Amoxicillin',
            strength: '500 mg',
            form: 'capsule',
            quantity: 21,
            directions: '1 three times a day',
          },
        ],
      },
    },
    patient: {
      name: 'A. Recorded',
      birthDate: '1900-01-01',
      identifier: 'R-1',
    },
    endedAt: '2026-01-02T12:03:00.000Z',
  },
  'a dispense by hand, cancelled': {
    id: 'recorded',
    state: 'cancelled',
    drugs: [
      {
        name: 'Ibuprofen',
        strength: '500 mg',
        form: 'capsule',
        quantity: 21,
        directions: '1 three times a day',
      },
    ],
    startedAt: '2026-01-02T12:00:00.000Z',
    updatedAt: '2026-01-01T00:00:03.000Z',
    patient: {
      name: 'B. Recorded',
      birthDate: '2024-02-29',
    },
    cancelReason: 'Entered twice',
    endedAt: '2026-01-02T12:03:00.000Z',
  },
  'a dispense with envelopes': {
    id: 'recorded',
    state: 'cancelled',
    drugs: [
      {
        name: 'Ibuprofen',
        strength: '500 mg',
        form: 'capsule',
        quantity: 21,
        directions: '1 three times a day',
      },
      envelope('drugs[1]', drug('Senna')),
    ],
    startedAt: '2026-11-26T12:00:00.000Z',
    updatedAt: '2026-01-01T00:00:05.000Z',
    prescription: {
      key: '0f8c5c7e-3a52-4a4e-9a3c-1f2f8f0cb6b5',
      sizeBytes: 9,
      contentType: 'application/pdf',
      sha256: envelope('sha256', 'ee'),
      uploadedAt: '2026-11-26T12:02:00.000Z',
      analysis: {
        outcome: 'analyzed',
        analyzer: 'embedded',
        confidence: 0.75,
        drugs: [
          envelope('drugs[0]', drug('Amoxicillin')),
          {
            name: 'Ibuprofen',
            strength: '500 mg',
            form: 'capsule',
            quantity: 21,
            directions: '1 three times a day',
          },
        ],
      },
    },
    patient: {
      name: envelope('name', 'D. Recorded'),
      birthDate: envelope('birthDate', '1970-01-01'),
      identifier: envelope('identifier', 'R-4711'),
    },
    cancelReason: envelope('reason', 'Entered twice'),
    endedAt: '2026-11-26T12:03:00.000Z',
  },
};

const [page1, page2] = ['3c1e2a55-94a7-4a2b-8f0e-64d3b7a1c9d2', '7d9f5f0a-1b0e-4f6c-9a34-2f4f0e8f6b11'];
const amoxicillin = { name: 'Amoxicillin', strength: '500 mg', form: null, quantity: 21, directions: null };
/** What an analysis of schema version 1 has in row version 2. Its drugs were added, which confirmed it. */
const addedLater = {
  id: 'recorded',
  trusted: false,
  setAside: [],
  notUnderstood: [],
  notUnderstoodMore: 0,
  doubts: [],
};

/** As row version 2 stores them. */
const second = {
  ...first,
  'a dispense from a prescription': withAnalysis(first['a dispense from a prescription'], {
    ...addedLater,
    confirmedAt: '2026-01-01T00:00:06.000Z',
  }),
  'a dispense with envelopes': withAnalysis(first['a dispense with envelopes'], {
    ...addedLater,
    confirmedAt: '2026-01-01T00:00:04.000Z',
  }),
  'a prescription of two pages, confirmed': {
    id: 'recorded',
    state: 'complete',
    drugs: [amoxicillin],
    startedAt: '2026-11-27T12:00:00.000Z',
    endedAt: '2026-11-27T12:05:00.000Z',
    updatedAt: '2026-01-01T00:00:08.000Z',
    patient: { name: 'C. Recorded', birthDate: '1999-12-31' },
    prescription: {
      earlierPages: [
        {
          key: page1,
          sizeBytes: 7,
          contentType: 'image/jpeg',
          sha256: 'cc',
          uploadedAt: '2026-11-27T12:01:00.000Z',
        },
      ],
      key: page2,
      sizeBytes: 9,
      contentType: 'text/plain',
      sha256: 'dd',
      uploadedAt: '2026-11-27T12:02:00.000Z',
      analysis: {
        outcome: 'analyzed',
        id: 'recorded-2',
        analyzer: 'embedded',
        confidence: 0,
        trusted: false,
        drugs: [
          {
            ...amoxicillin,
            form: 'capsule',
            quantityIsDerived: true,
            confidence: { name: 0.9, strength: 0.95, form: 0.9, quantity: 0.8, directions: null },
            doubts: ['unknown-name'],
          },
        ],
        setAside: ['Stop: Warfarin 3 mg'],
        notUnderstood: ['Pred 2.5 1-0-0'],
        notUnderstoodMore: 3,
        doubts: ['hidden-text'],
        confirmedAt: '2026-11-27T12:04:00.000Z',
      },
    },
  },
  'a prescription that was replaced, with envelopes': {
    id: 'recorded',
    state: 'ready',
    drugs: [envelope('drugs[0]', drug('Senna'))],
    startedAt: '2026-11-27T12:00:00.000Z',
    updatedAt: '2026-01-01T00:00:05.000Z',
    prescription: {
      key: page2,
      sizeBytes: 9,
      contentType: 'text/plain',
      sha256: envelope('sha256', 'dd'),
      uploadedAt: '2026-11-27T12:02:00.000Z',
      analysis: {
        outcome: 'analyzed',
        id: 'recorded-2',
        analyzer: 'embedded',
        confidence: 0.9,
        trusted: true,
        drugs: [envelope('drugs[0]', proposal('Senna'))],
        setAside: [],
        notUnderstood: [],
        notUnderstoodMore: 0,
        doubts: [],
        confirmedAt: '2026-01-01T00:00:05.000Z',
      },
    },
  },
  'a patient who was corrected, and erased': {
    id: 'recorded',
    state: 'complete',
    patient: {
      name: envelope('name', 'D. Corrected'),
      birthDate: envelope('birthDate', '1970-01-02'),
      identifier: envelope('identifier', 'R-5'),
      personId: '9c3a1e54-0b67-4a0a-8f8b-6b8f2f3f1d20',
    },
    drugs: [
      {
        name: 'Ibuprofen',
        strength: '500 mg',
        form: 'capsule',
        quantity: 21,
        directions: '1 three times a day',
      },
    ],
    startedAt: '2026-12-01T12:00:00.000Z',
    endedAt: '2026-12-01T12:05:00.000Z',
    erasedAt: '2027-01-01T12:00:00.000Z',
    updatedAt: '2026-01-01T00:00:06.000Z',
  },
  'an open dispense that was erased': {
    id: 'recorded',
    state: 'cancelled',
    patient: {
      name: envelope('name', 'D. Corrected'),
      birthDate: envelope('birthDate', '1970-01-02'),
      personId: '5e0b8c1a-7f0e-4c1d-9d53-2d6f8a1b3c47',
    },
    drugs: [],
    prescription: {
      key: page1,
      sizeBytes: 7,
      contentType: 'image/jpeg',
      sha256: envelope('sha256', 'ff'),
      uploadedAt: '2026-12-01T12:01:00.000Z',
    },
    startedAt: '2026-12-01T12:00:00.000Z',
    endedAt: '2027-01-01T12:00:00.000Z',
    erasedAt: '2027-01-01T12:00:00.000Z',
    updatedAt: '2026-01-01T00:00:03.000Z',
  },
};

function withAnalysis(row: { readonly prescription: { readonly analysis: object } }, more: object) {
  const { prescription } = row;
  return { ...row, prescription: { ...prescription, analysis: { ...prescription.analysis, ...more } } };
}

recordedRowsContract({
  projection: dispenseProjection,
  recordedStreams,
  rowsByVersion: { 1: first, 2: second },
});
