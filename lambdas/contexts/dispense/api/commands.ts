import { randomUUID } from 'node:crypto';
import { type CommandSide, commandRoutes } from '../../../http/command-routes.ts';
import type { Route } from '../../../http/route.ts';
import { type Dispense, type DispenseCommand, drugsMaxCount } from '../domain/dispense.ts';
import { type DispenseAnswer, dispenses } from './answers.ts';
import { addDrugsRequest, addPatientRequest, cancelRequest, confirmAnalysisRequest } from './requests.ts';

/** What the command routes of dispenses need. */
export type DispenseCommandSide = CommandSide<Dispense, DispenseCommand, DispenseAnswer>;

/** The routes for the commands of people on dispenses, except the upload. */
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
      description: 'Once, until the dispense has ended.',
      request: addPatientRequest,
      command: (body, now) => ({ type: 'AddPatient', ...body, personId: randomUUID(), now }),
    }),
    command('drugs', {
      operationId: 'addDrugs',
      summary: `Add drugs, up to ${drugsMaxCount} in total`,
      description:
        'Until the dispense has ended. An analysis only proposes drugs: this command adds them. With the id of the newest ' +
        'analysis, it also confirms that a person has seen it.',
      request: addDrugsRequest,
      command: (body) => ({ type: 'AddDrugs', ...body }),
    }),
    command('analysis/confirm', {
      operationId: 'confirmAnalysis',
      summary: 'Confirm that a person has compared the newest analysis with the prescription',
      description:
        'Also for an analysis that failed. A dispense cannot complete before it, unless the analysis is trusted. Repeating it changes nothing.',
      request: confirmAnalysisRequest,
      command: (body, now) => ({ type: 'ConfirmAnalysis', ...body, now }),
    }),
    command('complete', {
      operationId: 'completeDispense',
      summary: 'Complete a dispense that has its patient and at least one drug',
      description:
        'Refused during an analysis, and while its result needs a review: then confirm it, add drugs with its id, or replace the prescription.',
      command: (_, now) => ({ type: 'Complete', now }),
    }),
    command('cancel', {
      operationId: 'cancelDispense',
      summary: 'Cancel a dispense, with a reason',
      description: 'The reason is for colleagues. It must not name the patient.',
      request: cancelRequest,
      command: (body, now) => ({ type: 'Cancel', ...body, now }),
    }),
  ];
}
