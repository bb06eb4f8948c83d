import type { DispenseCommand } from '../../../lambdas/contexts/dispense/domain/dispense.ts';
import {
  type Account,
  defaultCurrency,
  type LedgerCommand,
} from '../../../lambdas/contexts/ledger/domain/account.ts';
import type { MetricCommand } from '../../../lambdas/contexts/metrics/domain/metric.ts';
import { derivedId } from '../../../lambdas/http/commands.ts';
import type { Targets } from '../../../lambdas/kernel/index.ts';
import type { PersonCommand } from '../history.ts';

type Of<Context extends PersonCommand['context']> = Extract<PersonCommand, { context: Context }>;

/** The commands of the kernel for what a person asks for, as the routes of the API make them. */
export function ledgerTargets(command: Of<'ledger'>, commandId: string): Targets<LedgerCommand, Account> {
  const { id } = command;
  switch (command.do) {
    case 'open': {
      const { currency, overdraftLimit } = command;
      return [{ id, command: { type: 'Open', currency, overdraftLimit } }];
    }
    case 'credit':
      return [{ id, command: { type: 'Credit', amount: command.amount } }];
    case 'debit':
      return [{ id, command: { type: 'Debit', amount: command.amount } }];
    case 'close':
      return [{ id, command: { type: 'Close' } }];
    case 'transfer': {
      const { to, amount } = command;
      const transferId = derivedId('transfer', id, commandId);
      const receive = ([sender]: readonly Account[]): LedgerCommand => ({
        type: 'ReceiveTransfer',
        transferId,
        from: id,
        amount,
        currency: sender?.status === 'open' ? sender.currency : defaultCurrency,
      });
      return [
        { id, command: { type: 'SendTransfer', transferId, to, amount } },
        { id: to, command: receive },
      ];
    }
  }
}

/** `now`: the time of the request, ISO 8601. */
export function metricCommand(command: Of<'metrics'>, now: string): MetricCommand {
  switch (command.do) {
    case 'create':
      return { type: 'Create', name: command.name, now };
    case 'set-target': {
      const { value, deadline, direction } = command;
      return { type: 'SetTarget', value, deadline, direction, now };
    }
    case 'record':
      return { type: 'RecordValues', values: command.values.map((value) => ({ value })), now };
    case 'archive':
      return { type: 'Archive', now };
  }
}

/** What the API adds to a command. */
interface DispenseFacts {
  /** The time of the request, ISO 8601. */
  readonly now: string;
  /** Of the stored document, for an upload. */
  readonly key: string;
  /** Of the person, for a patient. */
  readonly personId: string;
}

export const birthDate = '1980-02-29';

export function dispenseCommand(
  command: Of<'dispense'>,
  { now, key, personId }: DispenseFacts,
): DispenseCommand {
  switch (command.do) {
    case 'start':
      return { type: 'Start', now };
    case 'upload':
    case 'add-page': {
      const sizeBytes = command.document.length;
      return {
        type: command.do === 'upload' ? 'UploadPrescription' : 'AddPage',
        key,
        sha256: command.document,
        sizeBytes,
        contentType: 'text/plain',
        now,
      };
    }
    case 'add-patient':
    case 'correct-patient': {
      const { name, identifier } = command;
      return {
        type: command.do === 'add-patient' ? 'AddPatient' : 'CorrectPatient',
        ...{ name, birthDate, personId, now },
        ...(identifier !== undefined && { identifier }),
      };
    }
    case 'add-drugs':
      return { type: 'AddDrugs', drugs: command.drugs.map(drugNamed), analysis: command.analysis };
    case 'confirm':
      return { type: 'ConfirmAnalysis', analysis: command.analysis, now };
    case 'complete':
      return { type: 'Complete', now };
    case 'cancel':
      return { type: 'Cancel', reason: 'Cancelled in a simulation.', now };
  }
}

/** A line of drugs. */
export function drugNamed(name: string) {
  return { name, strength: '500 mg', form: 'tablet', quantity: 10, directions: 'one a day' };
}
