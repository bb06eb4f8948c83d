import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { contextUnderTest } from '../../lambdas/contexts/context-under-test.fixture.ts';
import { loadContext } from '../../lambdas/contexts/load.ts';
import { loadTodoRules } from '../../lambdas/contexts/load-todo-rules.ts';
import { eventStreamName } from '../../lambdas/kernel/index.ts';
import { aggregateNames, fedQueueNames, feedsOf, publishedQueueNames } from '../../schema/contexts.ts';

const root = join(import.meta.dirname, '../..');

/** A sentence for each context without a spec in its domain. `paths`: the specs of the tree. */
function withoutSpec(names: readonly string[], paths: readonly string[]): string[] {
  return names
    .filter((name) => !paths.some((path) => path.startsWith(`lambdas/contexts/${name}/domain/`)))
    .map(
      (name) =>
        `lambdas/contexts/${name} has no spec beside its domain (add lambdas/contexts/${name}/domain/${name}.spec.ts).`,
    );
}

describe('every context with aggregates', () => {
  it('has a spec beside its domain', () => {
    const specs = globSync('lambdas/contexts/*/domain/**/*.spec.ts', { cwd: root });
    expect(withoutSpec(aggregateNames, specs)).toEqual([]);
  });

  it('has no queue with the name of another destination of the publisher', () => {
    expect(publishedQueueNames).not.toContain(eventStreamName);
  });

  it.each(aggregateNames)('feeds the work queues with events that it has: %s', async (name) => {
    const { events } = await loadContext(name);
    const fed = fedQueueNames
      .flatMap((queue) => feedsOf(queue))
      .flatMap((feed) => (feed.context === name && feed.events !== 'rules' ? feed.events : []));
    expect(fed.filter((type) => !Object.hasOwn(events, type))).toEqual([]);
  });

  it.each(aggregateNames)(
    'uses its name in the catalogue as its category, and its routes are valid: %s',
    async (name) => {
      const context = await loadContext(name);
      const { decider, projection } = context;
      expect([decider.category, projection.category, projection.name]).toEqual([name, name, name]);
      expect(() => contextUnderTest(context, { setting: () => 'a-value' })).not.toThrow();
    },
  );

  it('has TODO rules for its own category', async () => {
    const categories = (await loadTodoRules()).map(({ category }) => category);
    expect(categories.toSorted()).toEqual(
      feedsOf('todo')
        .map(({ context }) => context)
        .toSorted(),
    );
  });
});

it('a context without a spec is found', () => {
  const specs = [
    'lambdas/contexts/ledger/domain/account.spec.ts',
    'lambdas/contexts/orders/api/routes.spec.ts',
  ];
  expect(withoutSpec(['ledger', 'orders'], specs)).toEqual([
    'lambdas/contexts/orders has no spec beside its domain (add lambdas/contexts/orders/domain/orders.spec.ts).',
  ]);
});
