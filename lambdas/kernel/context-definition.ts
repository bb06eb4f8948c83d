import type { Decider, DomainEvent } from './decider.ts';
import type { Projection } from './projection.ts';
import type { EventSchemas } from './upcasting.ts';

/** All that the kernel needs to run one kind of aggregate, from command to read model. Pure. */
export interface ContextDefinition<State, Command, Event extends DomainEvent, Answer, Row, Line> {
  readonly decider: Decider<State, Command, Event>;
  readonly schemas: EventSchemas;
  /**
   * What a command answers beside id and version, from the state it led to and the instant it was carried out.
   * Plain JSON: it is kept with the commit.
   */
  readonly answer: (state: State, now: string) => Answer;
  readonly projection: Projection<Row, Line>;
}
