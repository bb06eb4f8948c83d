import type { Decider, DomainEvent } from './decider.ts';
import type { EventDefinitions } from './event-definitions.ts';
import type { Projection } from './projection.ts';

/** One kind of aggregate, from its commands to its read model. All parts are pure. */
export interface ContextDefinition<
  State,
  Command,
  Event extends DomainEvent,
  Answer,
  Row,
  Line,
  List extends string,
> {
  readonly decider: Decider<State, Command, Event>;
  readonly events: EventDefinitions<Event>;
  /**
   * What a command answers besides id and version, from the new state and the time of the command.
   * Plain JSON: it is stored with the commit.
   */
  readonly answer: (state: State, now: string) => Answer;
  readonly projection: Projection<Event, Row, Line, List>;
}

/** Checks that the types of the parts fit together, and returns the definition. */
export function defineContext<
  State,
  Command,
  Event extends DomainEvent,
  Answer,
  Row,
  Line,
  List extends string,
>(
  definition: ContextDefinition<State, Command, Event, Answer, Row, Line, List>,
): ContextDefinition<State, Command, Event, Answer, Row, Line, List> {
  return definition;
}
