import type { CommitContext } from './commit.ts';
import type { Rejection } from './decider.ts';

/** A command and the stream that it is for. */
export interface Addressed<Command, State> {
  /** Id of the stream within the decider's category. */
  readonly id: string;
  /**
   * The command, or a function that creates it from the states of all targets, in their order. Use a function if the
   * command depends on the state of another stream.
   */
  readonly command: Command | ((states: readonly State[]) => Command);
}

/** One or more streams that a command concerns. The result is about the first. */
export type Targets<Command, State> = readonly [Addressed<Command, State>, ...Addressed<Command, State>[]];

/** What the release before knew a command by. `earlier-identity.ts` says when this can go. */
export interface EarlierIdentity {
  /** The key, or the id that the automation derived. */
  readonly commandId: string;
  /** The name of the caller or automation in commits. */
  readonly actor: string | undefined;
  /** For a command that creates a stream: the id of the stream, which was derived otherwise. */
  readonly createdId?: string;
}

/** The request that contains a command: its identity, time and context. */
export interface CommandRequest extends CommitContext {
  /**
   * Identifies the command: from `commandIdOfKey`, `commandIdOfReaction` or `commandIdWithoutKey`. A stream with a data key stores an
   * HMAC of it, under that key.
   */
  readonly commandId: string;
  /** How the release before identified the command. Default: it did not know it. */
  readonly earlier?: EarlierIdentity | undefined;
  /**
   * For a command that creates a stream with personal fields: the id that the release before derived for it, without a key. That release
   * had the same `commandId`. Default: it derived the same id.
   */
  readonly createdIdBefore?: string | undefined;
  /**
   * The content of the request, as plain JSON. It must be the same for every retry, so it contains no time.
   * The same `commandId` with another intent is refused.
   */
  readonly intent: unknown;
  /** The time of the request, ISO 8601, UTC, ms: for deadlines and answers. A commit has the time of its append. */
  readonly now: string;
  /** Which versions of the first stream the caller accepts (`If-Match`, `If-None-Match`). Version 0: it does not exist. Default: any. */
  readonly expectedVersion?: ((version: number) => boolean) | undefined;
}

/** The outcome of a command. */
export type CommandResult<Answer> =
  | {
      /**
       * `committed`: its events were appended. `repeated`: an earlier request with the same command had committed.
       * `unchanged`: the command caused no event.
       */
      readonly outcome: 'committed' | 'repeated' | 'unchanged';
      readonly id: string;
      /** Version of the first stream after this command. */
      readonly version: number;
      /** True if the command created the first stream. */
      readonly created: boolean;
      readonly answer: Answer;
    }
  | { readonly outcome: 'rejected'; readonly rejection: Rejection };
