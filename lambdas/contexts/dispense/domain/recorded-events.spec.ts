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
};

recordedEventsContract({ decider: dispense, events: dispenseEvents, recordedStreams, statesByVersion });
