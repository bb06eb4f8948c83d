import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { type CommandSide, commandRoutes } from '../../../http/command-routes.ts';
import type { Route } from '../../../http/route.ts';
import { personIdFor } from '../../person-id.ts';
import type { TenantPersons } from '../../person-search.ts';
import { type Dispense, type DispenseCommand, drugsMaxCount } from '../domain/dispense.ts';
import { isUnborn } from '../domain/patient.ts';
import { type DispenseAnswer, dispenses } from './answers.ts';
import { addDrugsRequest, cancelRequest, confirmAnalysisRequest, patientRequest } from './requests.ts';

/** What the command routes of dispenses need. */
export interface DispenseCommandSide extends CommandSide<Dispense, DispenseCommand, DispenseAnswer> {
  readonly persons: Pick<TenantPersons, 'search'>;
}

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
      description:
        'Once, until the dispense has ended. Patients with the same identifier and birth date are one person: the dispense shows the `personId`.',
      request: patientRequest,
      command: async (body, now) => ({ type: 'AddPatient', ...(await patientOf(side, body, now)) }),
    }),
    command('patient/correct', {
      operationId: 'correctPatient',
      summary: 'Correct the patient',
      description:
        'Also after the dispense has ended. It replaces name, birth date and identifier as a whole: an identifier that is left out is removed. ' +
        'The `personId` follows the new identifier and birth date. The values of before stay in the history until the person is erased.',
      request: patientRequest,
      command: async (body, now) => ({ type: 'CorrectPatient', ...(await patientOf(side, body, now)) }),
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

/** A patient with the id of the person. Who is not born yet is refused, so nobody is looked up. */
async function patientOf(
  { persons }: Pick<DispenseCommandSide, 'persons'>,
  body: z.output<typeof patientRequest>,
  now: string,
) {
  const personId = isUnborn({ ...body, now }) ? randomUUID() : await personIdFor(persons, body);
  return { ...body, personId, now };
}
