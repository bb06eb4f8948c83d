import { recordedEventsContract } from '../../../kernel/testing/index.ts';
import { dispense } from './dispense.ts';
import { dispenseEvents } from './events.ts';
import { recordedStreams } from './recorded-events.fixture.ts';

const statesByVersion = {
  1: {
    'a dispense from a prescription': {
      status: 'complete',
      hasPatient: true,
      drugCount: 2,
      prescription: { key: '0f8c5c7e-3a52-4a4e-9a3c-1f2f8f0cb6b5', analysis: 'done' },
    },
    'a dispense by hand, cancelled': { status: 'cancelled', hasPatient: true, drugCount: 1 },
    'a dispense with envelopes': {
      status: 'cancelled',
      hasPatient: true,
      drugCount: 2,
      prescription: { key: '0f8c5c7e-3a52-4a4e-9a3c-1f2f8f0cb6b5', analysis: 'done' },
    },
  },
  2: {
    'a dispense from a prescription': {
      status: 'complete',
      hasPatient: true,
      drugCount: 2,
      prescription: {
        keys: ['0f8c5c7e-3a52-4a4e-9a3c-1f2f8f0cb6b5'],
        review: 'confirmed',
        analysis: 'recorded',
      },
    },
    'a dispense by hand, cancelled': { status: 'cancelled', hasPatient: true, drugCount: 1 },
    'a dispense with envelopes': {
      status: 'cancelled',
      hasPatient: true,
      drugCount: 2,
      prescription: {
        keys: ['0f8c5c7e-3a52-4a4e-9a3c-1f2f8f0cb6b5'],
        review: 'confirmed',
        analysis: 'recorded',
      },
    },
    'a prescription of two pages, confirmed': {
      status: 'complete',
      hasPatient: true,
      drugCount: 1,
      prescription: {
        keys: ['3c1e2a55-94a7-4a2b-8f0e-64d3b7a1c9d2', '7d9f5f0a-1b0e-4f6c-9a34-2f4f0e8f6b11'],
        review: 'confirmed',
        analysis: 'recorded-2',
      },
    },
    'a prescription that was replaced, with envelopes': {
      status: 'ready',
      hasPatient: false,
      drugCount: 1,
      prescription: {
        keys: ['7d9f5f0a-1b0e-4f6c-9a34-2f4f0e8f6b11'],
        review: 'confirmed',
        analysis: 'recorded-2',
      },
    },
    'a patient who was corrected, and erased': {
      status: 'complete',
      hasPatient: true,
      drugCount: 1,
      isErased: true,
    },
    'an open dispense that was erased': {
      status: 'cancelled',
      hasPatient: true,
      drugCount: 0,
      prescription: { keys: ['3c1e2a55-94a7-4a2b-8f0e-64d3b7a1c9d2'], review: 'under-way' },
      isErased: true,
    },
  },
};

recordedEventsContract({ decider: dispense, events: dispenseEvents, recordedStreams, statesByVersion });
