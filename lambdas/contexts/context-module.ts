import type { Cursors } from '../http/cursor.ts';
import type { Route } from '../http/route.ts';
import type { CommandHandler, ContextDefinition, DomainEvent, EventLog, ReadModel } from '../kernel/index.ts';

/** What a context's routes need. */
export interface RouteDependencies<
  State,
  Command,
  Event extends DomainEvent,
  Answer,
  Row,
  Line,
  List extends string,
> {
  readonly handler: CommandHandler<State, Command, Event, Answer>;
  readonly log: EventLog;
  readonly readModel: ReadModel<Row, Line, List>;
  readonly cursors: Cursors;
  /** Logs a fault that does not fail the request. No personal data. */
  readonly warn: (message: string, error: unknown) => void;
  /** The environment of the function. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The value of a variable of `env`. Throws an error that names it if it is not set. */
  readonly setting: (variable: string) => string;
}

/** A context as its `context.ts` exports it: its definition and its routes. */
export interface ContextModule<
  State,
  Command,
  Event extends DomainEvent,
  Answer,
  Row,
  Line,
  List extends string,
> extends ContextDefinition<State, Command, Event, Answer, Row, Line, List> {
  readonly routes: (
    dependencies: RouteDependencies<State, Command, Event, Answer, Row, Line, List>,
  ) => readonly Route[];
}

/** Any context, for code that handles all of them alike. */
// biome-ignore lint/suspicious/noExplicitAny: `contextModule` has checked that the types of its parts agree.
export type AnyContext = ContextModule<any, any, any, any, any, any, any>;

/** A definition with its routes. `routes` throws if a route that changes something is not a command route. */
export function contextModule<
  State,
  Command,
  Event extends DomainEvent,
  Answer,
  Row,
  Line,
  List extends string,
>(
  definition: ContextDefinition<State, Command, Event, Answer, Row, Line, List>,
  routes: ContextModule<State, Command, Event, Answer, Row, Line, List>['routes'],
): ContextModule<State, Command, Event, Answer, Row, Line, List> {
  return { ...definition, routes: (side) => routes(side).map(requireCommand) };
}

function requireCommand(route: Route): Route {
  if (route.method === 'GET' || route.command) return route;
  throw new Error(
    `${route.method} ${route.path} carries no command. Declare it with \`commandRoutes\`: a route that changes something ` +
      'must support Idempotency-Key and If-Match.',
  );
}
