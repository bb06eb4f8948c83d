import { aggregateNames } from '../../schema/contexts.ts';
import type { SealedFolding } from '../kernel/segments/index.ts';

/**
 * The projection of every context with aggregates, by its category. A separate file, so that a function with projections does not
 * include routes: see `load-todo-rules.ts`.
 */
export async function loadProjections(): Promise<ReadonlyMap<string, SealedFolding>> {
  const projections = aggregateNames.map(
    async (name) => (await import(`./${name}/read-model/projection.ts`)).default as SealedFolding,
  );
  return new Map((await Promise.all(projections)).map((projection) => [projection.category, projection]));
}
