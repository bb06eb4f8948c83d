import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isRejected } from '../../../kernel/index.ts';
import { scenariosOf } from '../../../kernel/testing/index.ts';
import { type LedgerCommand, ledger } from './account.ts';
import type { LedgerEvent } from './events.ts';
import { balanceMaxMinorUnits } from './money.ts';

const { given } = scenariosOf(ledger);

const opened = (currency = 'USD', overdraftLimit = 0): LedgerEvent => ({
  type: 'Ledger:Opened',
  data: { currency, overdraftLimit },
});
const credited = (amount: number): LedgerEvent => ({ type: 'Ledger:Credited', data: { amount } });
const debited = (amount: number): LedgerEvent => ({ type: 'Ledger:Debited', data: { amount } });
const sent = (amount: number): LedgerEvent => ({
  type: 'Ledger:TransferSent',
  data: { transferId: 't1', to: 'other', amount },
});
const received = (amount: number): LedgerEvent => ({
  type: 'Ledger:TransferReceived',
  data: { transferId: 't1', from: 'other', amount },
});
const closed: LedgerEvent = { type: 'Ledger:Closed', data: {} };

const open: LedgerCommand = { type: 'Open', currency: 'USD', overdraftLimit: '0' };
const credit = (amount: string, currency?: string): LedgerCommand => ({ type: 'Credit', amount, currency });
const debit = (amount: string): LedgerCommand => ({ type: 'Debit', amount });
const send = (amount: string): LedgerCommand => ({
  type: 'SendTransfer',
  transferId: 't1',
  to: 'other',
  amount,
});
const receive = (amount: string, currency = 'USD'): LedgerCommand => ({
  type: 'ReceiveTransfer',
  transferId: 't1',
  from: 'other',
  amount,
  currency,
});
const close: LedgerCommand = { type: 'Close' };

describe('opening an account', () => {
  it('records currency, name and limit in minor units', () => {
    given()
      .when({ type: 'Open', currency: 'JPY', name: 'Travel', overdraftLimit: '500' })
      .thenEvents({ type: 'Ledger:Opened', data: { currency: 'JPY', name: 'Travel', overdraftLimit: 500 } });
    given().when(open).thenEvents(opened());
    given().when(open).thenState({ status: 'open', currency: 'USD', balance: 0, overdraftLimit: 0 });
  });

  it('is refused for an existing account, open or closed', () => {
    given(opened()).when(open).thenRejected('ledger/already-open');
    given(opened(), closed).when(open).thenRejected('ledger/already-open');
  });

  it('is refused with a limit that the currency cannot represent', () => {
    given()
      .when({ ...open, overdraftLimit: '0.001' })
      .thenRejected('ledger/too-many-decimals');
  });
});

describe('a credit', () => {
  it('adds to the balance', () => {
    given(opened(), credited(100)).when(credit('34')).thenEvents(credited(3_400));
    given(opened('BHD')).when(credit('1.234')).thenEvents(credited(1_234));
    given(opened('USD')).when(credit('1', 'USD')).thenState({
      status: 'open',
      currency: 'USD',
      balance: 100,
      overdraftLimit: 0,
    });
  });

  it('opens an unknown account, both events in one commit', () => {
    given().when(credit('34')).thenEvents(opened('USD'), credited(3_400));
    given().when(credit('34', 'JPY')).thenEvents(opened('JPY'), credited(34));
  });

  it('is refused in another currency, with more decimals than it has, or too large', () => {
    given(opened('USD')).when(credit('1', 'EUR')).thenRejected('ledger/currency-mismatch');
    given(opened('USD')).when(credit('0.001')).thenRejected('ledger/too-many-decimals');
    given(opened('JPY')).when(credit('1.5')).thenRejected('ledger/too-many-decimals');
    given().when(credit('0.001')).thenRejected('ledger/too-many-decimals');
    given(opened('USD')).when(credit('99999999999999')).thenRejected('ledger/amount-too-large');
  });

  it('is refused above the maximum balance', () => {
    given(opened(), credited(balanceMaxMinorUnits - 1))
      .when(credit('0.01'))
      .thenEvents(credited(1));
    given(opened(), credited(balanceMaxMinorUnits)).when(credit('0.01')).thenRejected('ledger/balance-limit');
    given(opened(), credited(balanceMaxMinorUnits))
      .when(receive('0.01'))
      .thenRejected('ledger/balance-limit');
  });
});

describe('a debit', () => {
  it('reduces the balance, down to exactly the overdraft limit', () => {
    given(opened(), credited(3_400)).when(debit('18.5')).thenEvents(debited(1_850));
    given(opened('USD', 500), credited(100)).when(debit('6')).thenEvents(debited(600));
    given(opened('USD', 500), credited(100)).when(debit('6.01')).thenRejected('ledger/insufficient-funds');
    given(opened(), credited(100), debited(100))
      .when(debit('0.01'))
      .thenRejected('ledger/insufficient-funds');
  });

  it('is refused without an account', () => {
    given().when(debit('1')).thenRejected('ledger/not-found');
  });
});

describe('a transfer', () => {
  it('is one event on each side', () => {
    given(opened(), credited(500)).when(send('5')).thenEvents(sent(500));
    given(opened()).when(receive('5')).thenEvents(received(500));
  });

  it('is refused without funds, in another currency, or to or from no account', () => {
    given(opened(), credited(499)).when(send('5')).thenRejected('ledger/insufficient-funds');
    given(opened('EUR')).when(receive('5', 'USD')).thenRejected('ledger/currency-mismatch');
    given().when(send('5')).thenRejected('ledger/not-found');
    given().when(receive('5')).thenRejected('ledger/receiver-not-found');
    given(opened(), closed).when(receive('5')).thenRejected('ledger/receiver-closed');
  });
});

describe('closing an account', () => {
  it('requires a balance of zero', () => {
    given(opened()).when(close).thenEvents(closed);
    given(opened(), credited(5), debited(5)).when(close).thenEvents(closed);
    given(opened(), credited(1)).when(close).thenRejected('ledger/balance-not-zero');
    given(opened('USD', 10), debited(1)).when(close).thenRejected('ledger/balance-not-zero');
    given().when(close).thenRejected('ledger/not-found');
    given(opened()).when(close).thenState({ status: 'closed', currency: 'USD' });
  });

  it.each([credit('1'), debit('1'), send('1'), close])('is final: %j is refused', (command) => {
    given(opened(), closed).when(command).thenRejected('ledger/closed');
  });
});

describe('an event with a wrong amount', () => {
  it.each([undefined, null, '100', 0, -1, 1.5, Number.NaN])('is not added to a balance: %j', (amount) => {
    const wrong = { type: 'Ledger:Credited', data: { amount } } as unknown as LedgerEvent;
    expect(() => [opened(), wrong].reduce(ledger.evolve, ledger.initialState())).toThrow(TypeError);
  });
});

describe('after any commands', () => {
  const cents = fc
    .integer({ min: 1, max: 100_000 })
    .map((amount) => (amount / 100).toFixed(2).replace(/\.?0+$/, ''));
  const command = fc.oneof(
    fc.constant(close),
    cents.map((amount) => credit(amount)),
    cents.map(debit),
    cents.map(send),
    cents.map((amount) => receive(amount)),
  );

  it('the balance is the sum of the entries and never below the limit', () => {
    fc.assert(
      fc.property(fc.array(command), fc.nat(50_000), (commands, limit) => {
        let state = [opened('USD', limit)].reduce(ledger.evolve, ledger.initialState());
        let sum = 0;
        for (const each of commands) {
          const decision = ledger.decide(each, state);
          if (isRejected(decision)) continue;
          state = decision.reduce(ledger.evolve, state);
          for (const event of decision) sum += changeOf(event);
          expect(state.status === 'closed' ? 0 : state.status === 'open' && state.balance).toBe(sum);
          expect(sum).toBeGreaterThanOrEqual(-limit);
        }
      }),
    );
  });
});

function changeOf(event: LedgerEvent): number {
  if (event.type === 'Ledger:Credited' || event.type === 'Ledger:TransferReceived') return event.data.amount;
  if (event.type === 'Ledger:Debited' || event.type === 'Ledger:TransferSent') return -event.data.amount;
  return 0;
}
