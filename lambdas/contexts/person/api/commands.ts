import * as z from 'zod';
import type { BodyScope } from '../../../http/access.ts';
import { type CommandSide, commandShape } from '../../../http/command-routes.ts';
import { commandAnswer, tenantKeyedRequest } from '../../../http/commands.ts';
import { idOf, readsOf } from '../../../http/resource.ts';
import { defineRoute, type Route } from '../../../http/route.ts';
import type { TenantPersons } from '../../person-search.ts';
import type { Person, PersonCommand } from '../domain/person.ts';
import { type PersonAnswer, persons } from './answers.ts';
import { knownPerson } from './known-person.ts';
import { eraseRequest } from './requests.ts';

/** What the command routes of persons need. */
export interface PersonCommandSide extends CommandSide<Person, PersonCommand, PersonAnswer> {
  readonly persons: TenantPersons;
}

interface PersonCommandSpec<Request extends z.ZodType> {
  readonly step: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly request: Request;
  readonly bodyScopes?: readonly BodyScope<unknown>[];
  readonly command: (body: z.output<Request>, now: string) => PersonCommand;
}

const noBody = z.object({}).optional();

/** The routes for the commands on persons. */
export function personCommands(side: PersonCommandSide): Route[] {
  return [
    personCommand(side, {
      step: 'hold',
      operationId: 'placeHold',
      summary: 'Place a legal hold: the data of the person must be kept',
      description:
        'While the hold lasts, the person cannot be erased, also not by age. Repeating it changes nothing. Refused once an erasure was requested.',
      request: noBody,
      command: (_, now) => ({ type: 'PlaceHold', now }),
    }),
    personCommand(side, {
      step: 'hold/lift',
      operationId: 'liftHold',
      summary: 'Lift the legal hold',
      description: 'Refused if there is none.',
      request: noBody,
      command: (_, now) => ({ type: 'LiftHold', now }),
    }),
    personCommand(side, {
      step: 'erase',
      operationId: 'erasePerson',
      summary: 'Erase the person: all data, in all streams, for ever',
      description:
        'The answer says that the erasure was requested. It is carried out within minutes, and nothing can stop it: `GET /persons/{id}` shows when it is done. Repeating it changes nothing. Refused during a legal hold.',
      request: eraseRequest,
      bodyScopes: [{ scope: 'privacy:erase', needed: () => true, purpose: "to erase a person's data" }],
      command: ({ legalGround }, now) => ({ type: 'RequestErasure', legalGround, now }),
    }),
  ];
}

/** A command on a person whom the index knows. The first one creates the stream of the person, not the person: the answer is 200. */
function personCommand<Request extends z.ZodType>(
  { handler, keys, persons: index }: PersonCommandSide,
  { step, request, command, ...described }: PersonCommandSpec<Request>,
): Route {
  const path = `${persons.path}/{id}/${step}` as const;
  const { answers, ...shape } = commandShape(persons);
  return defineRoute({
    ...shape,
    ...described,
    method: 'POST',
    path,
    reads: readsOf(persons, path),
    ...idOf(persons),
    body: request,
    answers: { 200: answers[200] },
    handle: async (parsed) => {
      const { personId } = await knownPerson(index, parsed.params.id);
      const sent = command(parsed.body as z.output<Request>, parsed.context.now);
      const result = await handler.handle(
        [{ id: personId, command: sent }],
        await tenantKeyedRequest(sent.type, parsed, keys),
      );
      const answered = result.outcome === 'rejected' ? result : { ...result, created: false };
      return { ...commandAnswer(answered, persons.path), status: 200 as const };
    },
  });
}
