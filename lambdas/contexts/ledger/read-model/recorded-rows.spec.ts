import { recordedRowsContract } from '../../../kernel/testing/index.ts';
import { recordedStreams } from '../domain/recorded-events.fixture.ts';
import { ledgerProjection } from './projection.ts';

const rowsByVersion = {
  '1': {
    'an account with every kind of entry': {
      id: 'recorded',
      currency: 'USD',
      name: 'Household',
      overdraftLimit: 5000,
      balance: -300,
      status: 'open',
      openedAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:04.000Z',
    },
    'an account without a name, closed': {
      id: 'recorded',
      currency: 'JPY',
      overdraftLimit: 0,
      balance: 0,
      status: 'closed',
      openedAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:03.000Z',
    },
  },
};

recordedRowsContract({ projection: ledgerProjection, recordedStreams, rowsByVersion });
