import type { Guard } from './guard.ts';

/** Guards of deployments, in which two versions of the code run together. */
export const deploymentGuards: readonly Guard[] = [
  {
    name: 'newer-events-refused',
    what: 'An event of a newer form that the code cannot read is not folded.',
    file: 'lambdas/kernel/event-definitions.ts',
    changes: [
      {
        find: 'if (!(isKnown && Number.isInteger(event.schemaVersion))) {',
        replace: 'if (!isKnown && event.schemaVersion < 1) {',
      },
    ],
    hints: [6],
  },
  {
    name: 'sealed-row-version',
    what: 'A row of the past that another version of the code has sealed is not used.',
    file: 'lambdas/kernel/segments/sealed-streams.ts',
    changes: [
      {
        find: 'return projection === form.name && rowVersion === (form.rowVersion ?? 1);',
        replace: 'return projection === form.name && rowVersion > 0;',
      },
    ],
    focus: 'damaged-past',
    hints: [1001],
  },
  {
    name: 'unreadable-after-cut-off',
    what: 'A command with an append under way does not say that nothing was written, if it then meets an event that it cannot read.',
    file: 'lambdas/kernel/command-handler.ts',
    changes: [
      {
        find: 'hydrated = await this.#catchUp(hydrated, keys).catch(requireNone);',
        replace: 'hydrated = await this.#catchUp(hydrated, keys);',
      },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/cut-offs.spec.ts',
      why: 'An append has to be cut off at the moment in which newer code commits on the same stream: one history in thousands.',
    },
  },
];
