import type { Cursors } from '../http/cursor.ts';
import type { CategoryErasures } from '../http/erasures.ts';
import { dividedCursors, dividedLog, dividedPorts, dividedRows } from '../http/request-tenant.ts';
import type { Route } from '../http/route.ts';
import type { CategoryVisibility } from '../http/visibility.ts';
import type {
  Bookmarks,
  CommandHandler,
  CommitClock,
  ContextDefinition,
  ContextTypes,
  LogQueries,
  RowQueries,
  SubjectKeys,
} from '../kernel/index.ts';
import type { TenantPersons } from './person-search.ts';
import type { SubjectExport } from './subject-export.ts';

/**
 * What a context's routes need. They get handler, log, read model, keys and cursors as those of the caller's tenant: ids are plain.
 * {@link contextModule} divides them.
 */
export interface RouteDependencies<Types extends ContextTypes> {
  readonly handler: Pick<
    CommandHandler<Types['state'], Types['command'], Types['event'], Types['answer']>,
    'handle'
  >;
  readonly log: LogQueries;
  /** Knows which instants are settled, for questions about the past. */
  readonly commitClock: Pick<CommitClock, 'untilSettled'>;
  readonly readModel: RowQueries<Types['row'], Types['line'], Types['list']>;
  /** The keys of the personal values in streams, by plain names, and the tenant's own. Views need them. */
  readonly keys: SubjectKeys;
  readonly cursors: Cursors;
  /** The persons of the caller's tenant. */
  readonly persons: TenantPersons;
  /** What all contexts add to the export of a person. */
  readonly exports: readonly SubjectExport[];
  /** Where runs note their places. */
  readonly bookmarks: Pick<Bookmarks, 'place'>;
  /** Logs a fault that does not fail the request. No personal data. */
  readonly warn: (message: string, error: unknown) => void;
  /** The environment of the function. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The value of a variable of `env`. Throws an error that names it if it is not set. */
  readonly setting: (variable: string) => string;
}

/** A context as its `context.ts` exports it: its definition and its routes. */
export interface ContextModule<Types extends ContextTypes> extends ContextDefinition<Types> {
  readonly routes: (dependencies: RouteDependencies<Types>) => readonly Route[];
  /** Which of its streams a caller may see in the routes of all contexts. Absent: all. */
  readonly visibility?: (log: LogQueries) => CategoryVisibility;
  /** What it adds to the export of a person. Absent: the recorded events only. */
  readonly exported?: (dependencies: ExportDependencies<Types>) => SubjectExport;
  /** Which of its streams are erased, for the audit trail. Absent: none. */
  readonly erasures?: (dependencies: ErasureDependencies<Types>) => CategoryErasures;
}

type ErasureDependencies<Types extends ContextTypes> = Pick<RouteDependencies<Types>, 'log' | 'readModel'>;

type ExportDependencies<Types extends ContextTypes> = Omit<RouteDependencies<Types>, 'exports'>;

/** Any context, for code that handles all of them alike. */
// biome-ignore lint/suspicious/noExplicitAny: `contextModule` has checked that the types of its parts agree.
export type AnyContext = ContextModule<any>;

/**
 * A definition with its routes. `routes` throws if a route that changes something is not a command route. `visibility`, `exported`
 * and `erasures` get what they read as that of the caller's tenant.
 */
export function contextModule<Types extends ContextTypes>(
  definition: ContextDefinition<Types>,
  routes: ContextModule<Types>['routes'],
  { visibility, exported, erasures }: Pick<ContextModule<Types>, 'visibility' | 'exported' | 'erasures'> = {},
): ContextModule<Types> {
  const divided = <Side extends ExportDependencies<Types>>(side: Side): Side => ({
    ...side,
    ...dividedPorts(side, definition.projection),
    cursors: dividedCursors(side.cursors),
  });
  return {
    ...definition,
    ...(visibility && { visibility: (log) => visibility(dividedLog(log)) }),
    ...(erasures && {
      erasures: ({ log, readModel }) =>
        erasures({ log: dividedLog(log), readModel: dividedRows(readModel, definition.projection) }),
    }),
    ...(exported && { exported: (side) => exported(divided(side)) }),
    routes: (side) => routes(divided(side)).map(requireCommand),
  };
}

function requireCommand(route: Route): Route {
  if (route.method === 'GET' || route.command || route.readsOnly) return route;
  throw new Error(
    `${route.method} ${route.path} carries no command. Declare it with \`commandRoutes\`: a route that changes something ` +
      'must support Idempotency-Key and If-Match. If it changes nothing, declare it as `readsOnly`.',
  );
}
