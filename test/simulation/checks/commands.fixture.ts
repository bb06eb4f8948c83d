import type { PersonCommand } from '../history.ts';

/** Commands, short enough for specs. */
export const open = (id: string, currency = 'USD', overdraftLimit = '0'): PersonCommand => ({
  context: 'ledger',
  do: 'open',
  id,
  currency,
  overdraftLimit,
});
export const credit = (id: string, amount: string): PersonCommand => ({
  context: 'ledger',
  do: 'credit',
  id,
  amount,
});
export const debit = (id: string, amount: string): PersonCommand => ({
  context: 'ledger',
  do: 'debit',
  id,
  amount,
});
export const transfer = (id: string, to: string, amount: string): PersonCommand => ({
  context: 'ledger',
  do: 'transfer',
  id,
  to,
  amount,
});
export const close = (id: string): PersonCommand => ({ context: 'ledger', do: 'close', id });

export const create = (id: string): PersonCommand => ({
  context: 'metrics',
  do: 'create',
  id,
  name: `Metric ${id}`,
});
export const archive = (id: string): PersonCommand => ({ context: 'metrics', do: 'archive', id });
export const record = (id: string, ...values: readonly number[]): PersonCommand => ({
  context: 'metrics',
  do: 'record',
  id,
  values,
});
export const setTarget = (
  id: string,
  value: number,
  deadline: string,
  direction: 'at-least' | 'at-most',
): PersonCommand => ({
  context: 'metrics',
  do: 'set-target',
  id,
  value,
  deadline,
  direction,
});
export const dispense = (id: string, step: 'start' | 'complete' | 'cancel'): PersonCommand => ({
  context: 'dispense',
  do: step,
  id,
});
export const upload = (id: string, document: string): PersonCommand => ({
  context: 'dispense',
  do: 'upload',
  id,
  document,
});
export const addPage = (id: string, document: string): PersonCommand => ({
  context: 'dispense',
  do: 'add-page',
  id,
  document,
});
export const confirm = (id: string, analysis: string): PersonCommand => ({
  context: 'dispense',
  do: 'confirm',
  id,
  analysis,
});
export const addSeenDrugs = (id: string, analysis: string, ...drugs: readonly string[]): PersonCommand => ({
  context: 'dispense',
  do: 'add-drugs',
  id,
  drugs,
  analysis,
});
export const addPatient = (id: string): PersonCommand => ({
  context: 'dispense',
  do: 'add-patient',
  id,
  name: 'A Sample',
});
export const addDrugs = (id: string, ...drugs: readonly string[]): PersonCommand => ({
  context: 'dispense',
  do: 'add-drugs',
  id,
  drugs,
});
