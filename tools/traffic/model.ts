import type { Aggregate } from './aggregate.ts';
import type { ContextTypes, Decision, Done, Expectation, Members, Reply } from './context-types.ts';
import type { Random } from './random.ts';
import type { TimeWindow } from './server-clock.ts';

/** A command can be written in two ways, for example with numbers as text. */
export type Writing = 'plain' | 'other';

/** What a plan may use to choose a command. */
export interface PlanInput<C extends ContextTypes> {
  readonly aggregate: Aggregate<C>;
  readonly random: Random;
  /** By the server's clock. */
  readonly now: TimeWindow;
  /** The aggregate with this index, created if needed; undefined if the server did not create it. */
  readonly find: (index: number) => Promise<Aggregate<C> | undefined>;
}

/** A command that a plan chose. */
export interface Planned<C extends ContextTypes> {
  readonly command: C['Command'];
  /** Where the command goes, if not to the aggregate of the input. */
  readonly aggregate?: Aggregate<C>;
  /** What the command does to a second aggregate, whose version is not in the answer. */
  readonly other?: { readonly aggregate: Aggregate<C>; readonly command: C['Command'] };
  /** Sent as `If-Match`. */
  readonly ifMatchVersion?: number | undefined;
  /** The command must be refused with one of these. */
  readonly refusals?: readonly string[];
  /** Replaces the body of the command. */
  readonly body?: unknown;
  /** The command ends the life of the aggregate. */
  readonly isEnding?: boolean;
}

/** Weight: how often the plan is chosen, relative to others. Undefined: no command this time. */
export type CommandPlan<C extends ContextTypes> = readonly [
  weight: number,
  plan: (input: PlanInput<C>) => Planned<C> | undefined | Promise<Planned<C> | undefined>,
];

/** The list below each aggregate: a statement, a history. */
export interface LinesModel<C extends ContextTypes> {
  /** What the lines are called, and the last part of their path. */
  readonly noun: string;
  readonly path: string;
  /** The member that identifies a line of an aggregate. */
  readonly key: string;
  readonly newestFirst: boolean;
  /** The lines that a command adds; `state`: after it. */
  of(done: Done<C>, state: C['State']): Members[];
  /** The order of the lines, if it is not that of the commands; equal lines keep the latter. */
  compare?(one: Members, other: Members): number;
  /** For a line of a pair on two aggregates: one `source` and one `target` must exist. `id`: of this aggregate. */
  pairOf?(
    id: string,
    line: Members,
  ): { readonly pair: string; readonly side: 'source' | 'target' } | undefined;
}

/**
 * All that traffic needs to know of a context. It is similar to a decider: plans choose commands, `expect` and `replay`
 * decide them, and `evolve` folds them. `row` and `lines` define what the read model must show at the end.
 */
export interface ContextModel<C extends ContextTypes> {
  /** Its name in `--mix`. All routes begin with `/name`. */
  readonly name: string;
  /** What an aggregate is called. */
  readonly noun: string;
  /** How many aggregates the steps use. */
  readonly size: number;
  /** The status of each refusal. */
  readonly statusOf: Readonly<Record<string, number>>;
  /** The refusals of an aggregate that does not exist, and of one whose life has ended. */
  readonly notFound: string;
  readonly ended: string;

  /** How an aggregate begins: a command creates it, or its id is `key`, which is unique. */
  create(
    index: number,
    key: string,
  ): { state: C['State']; id: string } | { state: C['State']; command: C['Command'] };
  /** The first command to an aggregate whose id is given. */
  first?(input: PlanInput<C>): C['Command'];
  readonly plans: readonly CommandPlan<C>[];
  /** A whole life in commands that are all accepted; the last ends it. */
  readonly lifecycle: readonly ((input: PlanInput<C>) => C['Command'])[];
  /** A command that does not create an aggregate, for the refusals that every context has. */
  probe(input: PlanInput<C>): C['Command'];

  /** `path`: below the aggregate; undefined for a command that creates one. */
  request(state: C['State'], command: C['Command'], writing: Writing): { path?: string; body?: unknown };
  /** Another command of the same kind; undefined if there is none. */
  alter(command: C['Command']): C['Command'] | undefined;
  /** Reads an answer; undefined if it is malformed. */
  readResult(body: Members, state: C['State']): C['Result'] | undefined;
  /** Adds the instant of creation to the state, by the server's clock. */
  withCreation?(state: C['State'], createdAtMs: number): C['State'];

  /** `state`: exact if no other command is running. */
  expect(state: C['State'], command: C['Command'], now: TimeWindow): Expectation<C>;
  /** Folds an accepted command, in the order of the answers. No reply: a command that was sent to another aggregate. */
  evolve(state: C['State'], command: C['Command'], reply?: Reply<C>): C['State'];

  /** Adds to the accepted commands what only the lines show: versions, instants. */
  resolve?(aggregate: Aggregate<C>, lines: readonly Members[]): readonly Done<C>[];
  /** Every decision that the rules permit. Called in the order of the versions: the state is exact. */
  replay(state: C['State'], done: Done<C>): Iterable<Decision<C>>;
  /** The members of the row, by dotted path. `state`: after the replay; `shown`: the row itself. */
  row(state: C['State'], now: TimeWindow, shown: Members): Members;
  /** The same for a read that must reflect all that was acknowledged; `state`: by `evolve`. */
  freshRow(state: C['State']): Members;
  readonly lines?: LinesModel<C>;
  /** How the list is narrowed to this run, and what it is sorted by. Undefined: it cannot be narrowed. */
  readonly list?: { readonly filter: Readonly<Record<string, string>>; sortKey(state: C['State']): string };
  /** False: time alone will soon change the row. */
  isSettled?(state: C['State'], now: TimeWindow): boolean;
}
