import { recordedRowsContract } from '../../../kernel/testing/index.ts';
import { recordedStreams } from '../domain/recorded-events.fixture.ts';
import { dispenseProjection } from './projection.ts';

const rowsByVersion = {
  '1': {
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
        {
          enc: 'drug-2',
          key: '0b5a8a52-30f4-4f6e-9f38-1c2d9a4f7e61',
          v: 1,
        },
      ],
      startedAt: '2026-11-26T12:00:00.000Z',
      updatedAt: '2026-01-01T00:00:05.000Z',
      prescription: {
        key: '0f8c5c7e-3a52-4a4e-9a3c-1f2f8f0cb6b5',
        sizeBytes: 9,
        contentType: 'application/pdf',
        sha256: {
          enc: 'sha256',
          key: '0b5a8a52-30f4-4f6e-9f38-1c2d9a4f7e61',
          v: 1,
        },
        uploadedAt: '2026-11-26T12:02:00.000Z',
        analysis: {
          outcome: 'analyzed',
          analyzer: 'embedded',
          confidence: 0.75,
          drugs: [
            {
              enc: 'drug-1',
              key: '0b5a8a52-30f4-4f6e-9f38-1c2d9a4f7e61',
              v: 1,
            },
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
        name: {
          enc: 'name',
          key: '0b5a8a52-30f4-4f6e-9f38-1c2d9a4f7e61',
          v: 1,
        },
        birthDate: {
          enc: 'birthDate',
          key: '0b5a8a52-30f4-4f6e-9f38-1c2d9a4f7e61',
          v: 1,
        },
        identifier: {
          enc: 'identifier',
          key: '0b5a8a52-30f4-4f6e-9f38-1c2d9a4f7e61',
          v: 1,
        },
      },
      cancelReason: {
        enc: 'reason',
        key: '0b5a8a52-30f4-4f6e-9f38-1c2d9a4f7e61',
        v: 1,
      },
      endedAt: '2026-11-26T12:03:00.000Z',
    },
  },
};

recordedRowsContract({ projection: dispenseProjection, recordedStreams, rowsByVersion });
