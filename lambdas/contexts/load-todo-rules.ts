import { feedsOf } from '../../schema/contexts.ts';
import { distinctTodoRules, type TodoRules } from './todo-rule.ts';

/**
 * The TODO rules of every context whose catalogue entry feeds the TODO queue by rules, the newest context first. Throws
 * where two contexts use the same kind of item.
 *
 * This is a file of its own because a bundle includes all that one file may load: next to `loadContext`, every function
 * with TODO rules would include every route.
 */
export async function loadTodoRules(): Promise<readonly TodoRules[]> {
  const loaded = feedsOf('todo')
    .filter(({ events }) => events === 'rules')
    .map(async ({ context }) => (await import(`./${context}/todo-rules.ts`)).default as TodoRules);
  return distinctTodoRules((await Promise.all(loaded)).toReversed());
}
