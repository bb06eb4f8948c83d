import type { TimeWindow } from './server-clock.ts';

/** A JSON object, by member. */
export type Members = Readonly<Record<string, unknown>>;

/** The types of one context. */
export interface ContextTypes {
  /** What is known of one aggregate; immutable. Version 0: it does not exist yet. */
  readonly State: { readonly version: number };
  /** What a client asks for, without key and headers. */
  readonly Command: { readonly kind: string };
  /** What the answer to a command holds beside id and version. */
  readonly Result: object;
}

/** The answer to an accepted command; `created`: it created the aggregate. */
export interface Reply<C extends ContextTypes> {
  readonly version: number;
  readonly created: boolean;
  readonly result: C['Result'];
}

/** The outcome of a command by the rules: a reply and the state after it, or the problem code of a refusal. */
export type Decision<C extends ContextTypes> =
  | { readonly reply: Reply<C>; readonly state: C['State'] }
  | { readonly refused: string };

/** What the answer to a command may be. */
export interface Expectation<C extends ContextTypes> {
  /** The only right answer if no other command is running; undefined if the model cannot know it. */
  readonly decision?: Decision<C> | undefined;
  /** Refusals that other commands, or the time, may cause. */
  readonly refusals: readonly string[];
}

/** An accepted command. */
export interface Done<C extends ContextTypes> {
  readonly command: C['Command'];
  /** The version after the command. */
  readonly version: number;
  /** When the server executed it, by its own clock. */
  readonly now: TimeWindow;
  /** Undefined for a command that was sent to another aggregate. */
  readonly reply?: Reply<C>;
}
