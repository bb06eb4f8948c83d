import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyContext } from '../../lambdas/contexts/context-module.ts';
import { loadContext } from '../../lambdas/contexts/load.ts';
import { memoryPersons } from '../../lambdas/contexts/persons.fixture.ts';
import { wholeApi } from '../../lambdas/contexts/whole-api.fixture.ts';
import { createCursors } from '../../lambdas/http/cursor.ts';
import type { Route } from '../../lambdas/http/route.ts';
import { type EventDefinitions, fieldsOf } from '../../lambdas/kernel/index.ts';
import { MemoryBookmarks } from '../../lambdas/kernel/memory/index.ts';
import { memoryContext } from '../../lambdas/kernel/testing/index.ts';
import { aggregateNames } from '../../schema/contexts.ts';

const routesOf = (context: AnyContext): readonly Route[] =>
  context.routes({
    ...memoryContext(context),
    cursors: createCursors(Buffer.alloc(32)),
    bookmarks: new MemoryBookmarks(),
    persons: memoryPersons().persons,
    exports: [],
    warn: () => undefined,
    env: {},
    setting: () => 'a-value',
  });

const undecided = (routes: readonly Route[]) =>
  routes.filter(({ reads }) => reads === undefined).map(({ operationId }) => operationId);

const hasPersonalFields = (events: EventDefinitions) =>
  Object.values<EventDefinitions[string]>(events).some(({ schema }) =>
    fieldsOf(schema).some(({ isPersonal }) => isPersonal),
  );

describe.each(aggregateNames)('the routes of the context %s', (name) => {
  let context: AnyContext;
  beforeAll(async () => {
    context = await loadContext(name);
  });

  it('each say what they read of persons and accounts', () => {
    expect(undecided(routesOf(context))).toEqual([]);
  });

  it('are audited if an event has a personal field', () => {
    const unaudited = routesOf(context).filter(({ reads }) => reads === 'nothing');
    if (hasPersonalFields(context.events))
      expect(unaudited.map(({ operationId }) => operationId)).toEqual([]);
    else expect(routesOf(context).length).toBeGreaterThan(0);
  });
});

it('every other route says what it reads, too, and none shows data to callers without a name', async () => {
  const { routes } = await wholeApi();
  const nameless = routes.filter(({ access, reads }) => access === 'open' && reads !== 'nothing');
  expect(nameless).toEqual([]);
  expect(routes.length).toBeGreaterThan(25);
  expect(undecided(routes)).toEqual([]);
});
