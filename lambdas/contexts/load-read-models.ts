import type { ContextName } from '../../schema/contexts.ts';
import { contexts } from '../../schema/contexts.ts';
import type { ReadModelName } from '../../schema/projections.ts';
import {
  type Commit,
  categoryRows,
  type Projection,
  type ReadModel,
  type SingleRows,
} from '../kernel/index.ts';
import { loadTodoRules } from './load-todo-rules.ts';
import { todoLists, todoProjections } from './todo/read-model/projection.ts';
import { todoEventTypes } from './todo-rule.ts';

// biome-ignore lint/suspicious/noExplicitAny: each projection has its own events, rows and lines, and they are used alike.
export type AnyProjection = Projection<any, any, any>;

/** Rows of any type. */
export type AnyRows = SingleRows<unknown, unknown>;

/** A projection into a read model. */
export interface LoadedProjection {
  readonly projection: AnyProjection;
  /**
   * The rows of its streams in one generation of the read model, by the keys of the streams (`keyOfStream`), for every read model
   * alike.
   */
  readonly rowsIn: (generation: ReadModel<unknown, unknown>) => AnyRows;
  /** Whether the projector gets this commit. Default: it gets all of its category. */
  readonly isDelivered?: (commit: Pick<Commit, 'events'>) => boolean;
}

/** A read model with everything that is folded into it. */
export interface LoadedReadModel {
  readonly name: ReadModelName;
  /** How rows and lines are listed. It builds a generation: `generationOf({ projection: listing }, ...)`. */
  readonly listing: Pick<AnyProjection, 'listKeys' | 'rowIds' | 'sharedLists' | 'parts' | 'changingLines'>;
  /** One, or for TODO one for each context with rules. Each has another category. */
  readonly projections: readonly LoadedProjection[];
}

/**
 * The read model with this name in the catalogue, with its projections. This is a separate file because a bundle includes
 * everything that one file may load: here projections and rules, without commands and routes.
 */
export async function loadReadModel(name: ReadModelName): Promise<LoadedReadModel> {
  if (isOfStream(name)) {
    const projection = (await import(`./${name}/read-model/projection.ts`)).default as AnyProjection;
    return { name, listing: projection, projections: [{ projection, rowsIn: (rows) => rows }] };
  }
  const rules = await loadTodoRules();
  const projections = todoProjections(rules).map((projection) => {
    const types = todoEventTypes(rules.filter(({ category }) => category === projection.category));
    return {
      projection: projection as AnyProjection,
      rowsIn: (rows: ReadModel<unknown, unknown>) => categoryRows(rows, projection.category),
      isDelivered: ({ events }: Pick<Commit, 'events'>) => events.some(({ type }) => types.has(type)),
    };
  });
  return { name, listing: todoLists, projections };
}

/** Whether the event stream feeds it. TODO, which a queue feeds, has projections of several contexts. */
function isOfStream(name: ContextName): boolean {
  return contexts[name].source.kind === 'stream';
}
