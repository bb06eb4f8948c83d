import * as z from 'zod';
import { commandAnswer, commandRequest, newAggregateId } from '../../../http/commands.ts';
import { aggregateIdSchema } from '../../../http/parameters.ts';
import { defineRoute, type HttpRequest, type Route } from '../../../http/route.ts';
import type { CommandHandler } from '../../../kernel/index.ts';
import { type Dispense, type DispenseCommand, drugsMaxCount } from '../domain/dispense.ts';
import type { DispenseEvent } from '../domain/events.ts';
import { commandAnswerSchema, type DispenseAnswer } from './answers.ts';
import { addDrugsSchema, addPatientSchema, cancelSchema } from './requests.ts';

export interface CommandDependencies {
  readonly handler: CommandHandler<Dispense, DispenseCommand, DispenseEvent, DispenseAnswer>;
}

export const etagHeader = { etag: 'The version that the dispense has reached.' };

/** What every command on a dispense shares; the kernel answers 201 only for one that started it. */
const shared = {
  method: 'POST',
  tags: ['dispense'],
  command: true,
  params: z.object({ id: aggregateIdSchema }),
  answers: {
    200: { description: 'Done.', schema: commandAnswerSchema, headers: etagHeader },
    201: {
      description: 'Done, and the dispense was started.',
      schema: commandAnswerSchema,
      headers: { ...etagHeader, location: 'The dispense.' },
    },
  },
  problems: { 404: 'There is no dispense with this id.', 409: 'The state of the dispense forbids it.' },
} as const;

export function dispenseCommandRoutes({ handler }: CommandDependencies): Route[] {
  const handle = async (id: string, command: DispenseCommand, request: HttpRequest) =>
    commandAnswer(
      await handler.handle([{ id, command }], commandRequest(command.type, request)),
      '/dispenses',
    );

  return [
    defineRoute({
      ...shared,
      path: '/dispenses',
      operationId: 'startDispense',
      summary: 'Start a dispense',
      params: z.object({}),
      body: z.object({}).optional(),
      handle: (request) =>
        handle(newAggregateId('dispense', request), { type: 'Start', now: request.context.now }, request),
    }),
    defineRoute({
      ...shared,
      path: '/dispenses/{id}/patient',
      operationId: 'addPatient',
      summary: 'Add the patient',
      description: 'Once, while the dispense is pending or ready.',
      body: addPatientSchema,
      handle: (request) =>
        handle(request.params.id, { type: 'AddPatient', ...request.body, now: request.context.now }, request),
    }),
    defineRoute({
      ...shared,
      path: '/dispenses/{id}/drugs',
      operationId: 'addDrugs',
      summary: `Add drugs, up to ${drugsMaxCount} in all`,
      description:
        'While the dispense is pending or ready. What an analysis proposes becomes part of it only by this.',
      body: addDrugsSchema,
      handle: (request) => handle(request.params.id, { type: 'AddDrugs', ...request.body }, request),
    }),
    defineRoute({
      ...shared,
      path: '/dispenses/{id}/complete',
      operationId: 'completeDispense',
      summary: 'Complete a dispense that has its patient and at least one drug',
      body: z.object({}).optional(),
      handle: (request) => handle(request.params.id, { type: 'Complete', now: request.context.now }, request),
    }),
    defineRoute({
      ...shared,
      path: '/dispenses/{id}/cancel',
      operationId: 'cancelDispense',
      summary: 'Cancel a dispense, for a reason',
      description: 'The reason is for colleagues; it names no patient.',
      body: cancelSchema,
      handle: (request) =>
        handle(request.params.id, { type: 'Cancel', ...request.body, now: request.context.now }, request),
    }),
  ];
}
