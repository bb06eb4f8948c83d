import { feedsOf } from '../../schema/contexts.ts';
import { distinctTodoRules, type TodoRules } from './todo-rule.ts';

/**
 * The TODO rules of every context whose catalogue entry feeds the TODO queue by rules, the newest context first. Throws if
 * two contexts use the same kind of item.
 *
 * This is a separate file because a bundle includes everything that one file may load. Together with `loadContext`, every
 * function with TODO rules would include every route.
 */
export async function loadTodoRules(): Promise<readonly TodoRules[]> {
  const loaded = feedsOf('todo')
    .filter(({ events }) => events === 'rules')
    .map(async ({ context }) => (await import(`./${context}/todo-rules.ts`)).default as TodoRules);
  return distinctTodoRules((await Promise.all(loaded)).toReversed());
}
