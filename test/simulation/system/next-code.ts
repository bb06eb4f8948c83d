import * as z from 'zod';
import type { TodoRules } from '../../../lambdas/contexts/todo-rule.ts';
import {
  type Decider,
  type DomainEvent,
  defineEvents,
  type EventDefinitions,
  isRejected,
  type Projection,
} from '../../../lambdas/kernel/index.ts';

type Data = Readonly<Record<string, unknown>>;

/** An event type of which the next version of the code has another shape. */
export interface NewShape {
  readonly type: string;
  readonly schema: z.ZodType<object>;
  /** The new shape of data of the old one. */
  readonly up: (data: Data) => Data;
  /** The shape that the next version writes. */
  readonly written: (data: Data) => Data;
  /** The old shape. */
  readonly down: (data: Data) => Data;
}

/** Credits say what was paid, and the fee that was kept of it. Whoever takes the amount for the credit has a wrong balance. */
export const newCredit: NewShape = {
  type: 'Ledger:Credited',
  schema: z.strictObject({ amount: z.int().min(1), fee: z.int().min(0) }),
  up: (data) => ({ ...data, fee: 0 }),
  written: ({ amount, ...rest }) => ({ ...rest, amount: Number(amount) + 1, fee: 1 }),
  down: ({ amount, fee, ...rest }) => ({ ...rest, amount: Number(amount) - Number(fee) }),
};

/** The value of a measurement has another name. */
export const newMeasurement: NewShape = {
  type: 'Metric:ValueRecorded',
  schema: z.strictObject({ measured: z.number(), at: z.string() }),
  up: ({ value, ...rest }) => ({ ...rest, measured: value }),
  written: ({ value, ...rest }) => ({ ...rest, measured: value }),
  down: ({ measured, ...rest }) => ({ ...rest, value: measured }),
};

/** The events of the release that reads the new shape, and writes the old one. */
export function readerEvents<Events extends EventDefinitions<never>>(
  events: Events,
  shape: NewShape,
): Events {
  const definition = (events as EventDefinitions)[shape.type] as EventDefinitions[string];
  const downcasters = [{ from: 2, downcast: (data: object) => shape.down(data as Data) }];
  return defineEvents({
    ...(events as EventDefinitions),
    [shape.type]: { ...definition, downcasters },
  }) as unknown as Events;
}

/** The events of the next version: it writes the new shape, and reads both. */
export function nextEvents<Events extends EventDefinitions<never>>(events: Events, shape: NewShape): Events {
  const upcasters = [{ from: 1, upcast: (data: object) => shape.up(data as Data) }];
  return defineEvents({
    ...(events as EventDefinitions),
    [shape.type]: { schema: shape.schema, upcasters },
  }) as unknown as Events;
}

/** A decider of the next version, with the rules of this one. It cannot use the snapshots of the current version. */
export function nextDecider<State, Command, Event extends DomainEvent>(
  decider: Decider<State, Command, Event>,
  shape: NewShape,
): Decider<State, Command, Event> {
  return {
    ...decider,
    stateVersion: decider.stateVersion + 1,
    evolve: (state, event) => decider.evolve(state, withData(event, shape, shape.down)),
    decide: (command, state) => {
      const decided = decider.decide(command, state);
      return isRejected(decided) ? decided : decided.map((event) => withData(event, shape, shape.written));
    },
  };
}

/** A projection of the next version, with the rows of this one. */
export function nextProjection<Event extends DomainEvent, Row, Line, List extends string>(
  projection: Projection<Event, Row, Line, List>,
  shape: NewShape,
): Projection<Event, Row, Line, List> {
  return {
    ...projection,
    events: nextEvents(projection.events, shape),
    project: (row, event) => projection.project(row, withData(event, shape, shape.down)),
  };
}

/**
 * A projection whose rows have one more field: the number of credits. Rows that the current version has begun have no such number, and
 * those that it went on with have a wrong one, until they are rebuilt.
 */
export function withCredits<Event extends DomainEvent, Row, Line, List extends string>(
  projection: Projection<Event, Row, Line, List>,
): Projection<Event, Row, Line, List> {
  const { rowVersion = 1 } = projection;
  return {
    ...projection,
    rowVersion: rowVersion + 1,
    project: (row, event) => {
      const { credits = row === undefined ? 0 : undefined } = (row ?? {}) as { readonly credits?: number };
      const projected = projection.project(row, event);
      if (credits === undefined) return projected;
      const more = event.type === newCredit.type ? 1 : 0;
      return { ...projected, row: { ...projected.row, credits: credits + more } };
    },
  };
}

/** The TODO rules of the next version. */
export function nextRules(rules: TodoRules, shape: NewShape): TodoRules {
  const changeOf = rules.balance[shape.type];
  const change = changeOf && ((data: Data) => changeOf(shape.down(data) as never));
  return {
    ...rules,
    events: nextEvents(rules.events, shape),
    balance: { ...rules.balance, ...(change && { [shape.type]: change as (data: never) => number }) },
  };
}

function withData<Event extends DomainEvent>(
  event: Event,
  { type }: NewShape,
  to: (data: Data) => Data,
): Event {
  return event.type === type ? { ...event, data: to(event.data as Data) } : event;
}
