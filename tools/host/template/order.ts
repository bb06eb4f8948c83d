import { UserError } from '../user-error.ts';

/**
 * The ids, each after the ids that it depends on.
 * @param dependenciesOf ids that are not in `ids` are ignored
 * @throws {UserError} naming a circular dependency
 */
export function dependencyOrder(
  ids: readonly string[],
  dependenciesOf: (id: string) => readonly string[],
): string[] {
  const order: string[] = [];
  const visit = (id: string, path: readonly string[]): void => {
    if (order.includes(id)) return;
    if (path.includes(id)) {
      throw new UserError(`The template has a circular dependency: ${[...path, id].join(' -> ')}.`);
    }
    for (const dependency of dependenciesOf(id)) {
      if (ids.includes(dependency)) visit(dependency, [...path, id]);
    }
    order.push(id);
  };
  for (const id of ids) visit(id, []);
  return order;
}
