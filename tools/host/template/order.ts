import { UserError } from '../user-error.ts';
import type { Resource } from './assembly.ts';
import { referencesIn } from './intrinsics.ts';

/** The logical ids of `resources`, each after all that it depends on. */
export function dependencyOrder(resources: Readonly<Record<string, Resource>>): string[] {
  const order: string[] = [];
  const states = new Map<string, 'visiting' | 'done'>();
  const visit = (id: string, path: readonly string[]): void => {
    const state = states.get(id);
    if (state === 'done') return;
    if (state === 'visiting')
      throw new UserError(`The template goes in circles: ${[...path, id].join(' -> ')}.`);
    states.set(id, 'visiting');
    const resource = resources[id];
    for (const dependency of resource === undefined ? [] : dependenciesOf(resource)) {
      if (Object.hasOwn(resources, dependency)) visit(dependency, [...path, id]);
    }
    states.set(id, 'done');
    order.push(id);
  };
  for (const id of Object.keys(resources)) visit(id, []);
  return order;
}

function dependenciesOf({ Properties, DependsOn = [] }: Resource): string[] {
  return [...(Array.isArray(DependsOn) ? DependsOn : [DependsOn]), ...referencesIn(Properties)];
}
