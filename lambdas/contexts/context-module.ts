import type { Cursors } from '../http/cursor.ts';
import type { Route } from '../http/route.ts';
import type { CommandHandler, ContextDefinition, DomainEvent, EventLog, ReadModel } from '../kernel/index.ts';

/** What the routes of a context are made with. */
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
  /** Reports a fault that stops nothing. No personal data. */
  readonly warn: (message: string, error: unknown) => void;
  /** The environment of the function. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The value of a variable of `env`. Throws where it is not set, naming it. */
  readonly setting: (variable: string) => string;
}

/** A context as its `context.ts` exports it: what the kernel runs, and its routes. */
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

/** A context of which nothing but its module's form is known. */
// biome-ignore lint/suspicious/noExplicitAny: its parts agree on their types among themselves; nobody else needs them.
export type AnyContext = ContextModule<any, any, any, any, any, any, any>;

/** The module of a context: its definition with its routes. Throws at `routes` where one of them is misdeclared. */
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
      'has to honour Idempotency-Key and If-Match.',
  );
}
