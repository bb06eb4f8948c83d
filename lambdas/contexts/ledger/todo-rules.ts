import { defineTodoRules } from '../todo-rule.ts';
import { amountIn, type LedgerEvent, ledgerEvents } from './domain/events.ts';

export default defineTodoRules<LedgerEvent>({
  category: 'ledger',
  events: ledgerEvents,
  balance: {
    'Ledger:Credited': (data) => amountIn(data),
    'Ledger:Debited': (data) => -amountIn(data),
    'Ledger:TransferSent': (data) => -amountIn(data),
    'Ledger:TransferReceived': (data) => amountIn(data),
  },
  rules: [
    {
      kind: 'settle-overdraft',
      doneBy: 'person',
      opened: [
        { type: 'Ledger:Debited', balance: 'negative' },
        { type: 'Ledger:TransferSent', balance: 'negative' },
      ],
      closed: [
        { type: 'Ledger:Credited', balance: 'not-negative' },
        { type: 'Ledger:TransferReceived', balance: 'not-negative' },
      ],
    },
  ],
});
