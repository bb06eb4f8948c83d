import { expect, it } from '@jest/globals';
import * as z from 'zod';
import { type CommandSide, commandRoutes } from './command-routes.ts';
import { type CommandResource, versionField } from './resource.ts';

type Command = { readonly type: 'Book'; readonly seats: number; readonly now: string };

const resource: CommandResource<{ readonly seats: number }> = {
  category: 'reservation',
  path: '/reservations',
  noun: 'reservation',
  hasPersonalData: false,
  answerSchema: z.object({ id: z.string(), version: versionField, seats: z.number() }),
};
const about = { operationId: 'book', summary: 'Book' };
const request = z.object({ seats: z.number() });

it('a route creates its command from the body and the time', () => {
  const side = {} as CommandSide<object, Command, { readonly seats: number }>;
  const { create, command } = commandRoutes(resource, side);
  expect(
    command('seats', { ...about, request, command: (body, now) => ({ type: 'Book', ...body, now }) }),
  ).toMatchObject({ method: 'POST', path: '/reservations/{id}/seats', command: true });
  expect(create({ ...about, command: (_, now) => ({ type: 'Book', seats: 1, now }) })).toMatchObject({
    method: 'POST',
    path: '/reservations',
    command: true,
    bodyRequired: false,
  });
  // @ts-expect-error without a command
  command('seats', { ...about, request });
  // @ts-expect-error no such command
  command('seats', { ...about, command: () => ({ type: 'Bok', seats: 1, now: '' }) });
  const empty = { ...about, request: z.object({}) };
  // @ts-expect-error the body has no seats
  command('seats', { ...empty, command: (body, now) => ({ type: 'Book', ...body, now }) });
  const other = {} as CommandSide<object, Command, { readonly price: number }>;
  // @ts-expect-error the answer is not that of the resource
  commandRoutes(resource, other);
});
