import type { Decider, DomainEvent } from './decider.ts';
import type { EventDefinitions } from './event-definitions.ts';
import type { Projection } from './projection.ts';

/** The types that the parts of one context agree on. */
export interface ContextTypes {
  readonly state: unknown;
  readonly command: unknown;
  readonly event: DomainEvent;
  readonly answer: unknown;
  readonly row: unknown;
  readonly line: unknown;
  readonly list: string;
}

/** The part of a context that carries out commands. */
export interface CommandContext<State, Command, Event extends DomainEvent, Answer> {
  readonly decider: Decider<State, Command, Event>;
  readonly events: EventDefinitions<Event>;
  /**
   * What a command answers besides id and version, from the new state and the time of the command.
   * Plain JSON: it is stored with the commit.
   */
  readonly answer: (state: State, now: string) => Answer;
}

/** One kind of aggregate, from its commands to its read model. All parts are pure. */
export interface ContextDefinition<Types extends ContextTypes>
  extends CommandContext<Types['state'], Types['command'], Types['event'], Types['answer']> {
  readonly projection: Projection<Types['event'], Types['row'], Types['line'], Types['list']>;
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
  definition: CommandContext<State, Command, Event, Answer> & {
    readonly projection: Projection<Event, Row, Line, List>;
  },
): ContextDefinition<{
  state: State;
  command: Command;
  event: Event;
  answer: Answer;
  row: Row;
  line: Line;
  list: List;
}> {
  return definition;
}
