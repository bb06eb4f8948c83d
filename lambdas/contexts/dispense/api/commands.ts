import { type CommandSide, commandRoutes } from '../../../http/command-routes.ts';
import type { Route } from '../../../http/route.ts';
import { type Dispense, type DispenseCommand, drugsMaxCount } from '../domain/dispense.ts';
import { type DispenseAnswer, dispenses } from './answers.ts';
import { addDrugsRequest, addPatientRequest, cancelRequest } from './requests.ts';

export type DispenseCommandSide = CommandSide<Dispense, DispenseCommand, DispenseAnswer>;

export function dispenseCommands(side: DispenseCommandSide): Route[] {
  const { create, command } = commandRoutes(dispenses, side);
  return [
    create({
      operationId: 'startDispense',
      summary: 'Start a dispense',
      command: (_, now) => ({ type: 'Start', now }),
    }),
    command('patient', {
      operationId: 'addPatient',
      summary: 'Add the patient',
      description: 'Once, while the dispense is pending or ready.',
      request: addPatientRequest,
      command: (body, now) => ({ type: 'AddPatient', ...body, now }),
    }),
    command('drugs', {
      operationId: 'addDrugs',
      summary: `Add drugs, up to ${drugsMaxCount} in all`,
      description:
        'While the dispense is pending or ready. The proposals of an analysis become part of the dispense only by this.',
      request: addDrugsRequest,
      command: (body) => ({ type: 'AddDrugs', ...body }),
    }),
    command('complete', {
      operationId: 'completeDispense',
      summary: 'Complete a dispense that has its patient and at least one drug',
      command: (_, now) => ({ type: 'Complete', now }),
    }),
    command('cancel', {
      operationId: 'cancelDispense',
      summary: 'Cancel a dispense, for a reason',
      description: 'The reason is for colleagues; it must not name the patient.',
      request: cancelRequest,
      command: (body, now) => ({ type: 'Cancel', ...body, now }),
    }),
  ];
}
