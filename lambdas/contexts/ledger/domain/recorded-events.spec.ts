import { recordedEventsContract } from '../../../kernel/testing/index.ts';
import { ledger } from './account.ts';
import { ledgerEvents } from './events.ts';
import { recordedStreams } from './recorded-events.fixture.ts';

const statesByVersion = {
  1: {
    'an account with every kind of entry': {
      status: 'open',
      currency: 'USD',
      balance: -300,
      overdraftLimit: 5_000,
    },
    'an account without a name, closed': { status: 'closed', currency: 'JPY' },
  },
};

recordedEventsContract({ decider: ledger, events: ledgerEvents, recordedStreams, statesByVersion });
