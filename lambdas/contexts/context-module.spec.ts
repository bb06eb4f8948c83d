import { expect, it } from '@jest/globals';
import { defineRoute } from '../http/route.ts';
import { contextModule } from './context-module.ts';
import { contextUnderTest } from './context-under-test.fixture.ts';
import { ledgerContext } from './ledger/context.ts';

it('refuses a route that changes something without a command', () => {
  const route = defineRoute({
    method: 'POST',
    path: '/ledger/audit',
    access: 'any-caller',
    operationId: 'audit',
    summary: 'Audit',
    answers: { 200: { description: 'Done.' } },
    handle: () => ({ status: 200 }),
  });
  expect(() => contextUnderTest(contextModule(ledgerContext, () => [route]))).toThrow(
    'POST /ledger/audit carries no command. Declare it with `commandRoutes`',
  );
  expect(() =>
    contextUnderTest(contextModule(ledgerContext, () => [{ ...route, command: true }])),
  ).not.toThrow();
  expect(() =>
    contextUnderTest(contextModule(ledgerContext, () => [{ ...route, readsOnly: true }])),
  ).not.toThrow();
});
