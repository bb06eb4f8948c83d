import { recordedRowsContract } from '../../../kernel/testing/index.ts';
import { recordedStreams } from '../domain/recorded-events.fixture.ts';
import { personProjection } from './projection.ts';

const at = '2026-01-01T00:00:00.000Z';

const rowsByVersion = {
  1: {
    'held, lifted and erased': {
      id: 'recorded',
      state: 'erased',
      since: at,
      legalGround: 'consent-withdrawn',
      requestedAt: at,
      erasedAt: at,
      erasedStreams: 2,
    },
    'held again': { id: 'recorded', state: 'held', since: at },
  },
};

recordedRowsContract({ projection: personProjection, recordedStreams, rowsByVersion });
