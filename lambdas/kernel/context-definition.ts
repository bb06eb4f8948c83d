import type { Decider, DomainEvent } from './decider.ts';
import type { EventDefinitions } from './event-definitions.ts';
import type { Projection } from './projection.ts';

/** All that the kernel needs to run one kind of aggregate, from command to read model. Pure. */
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
   * What a command answers beside id and version, from the state it led to and the instant it was carried out.
   * Plain JSON: it is kept with the commit.
   */
  readonly answer: (state: State, now: string) => Answer;
  readonly projection: Projection<Event, Row, Line, List>;
}

/** Returns the definition as it is, with the types that its parts agree on. */
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
