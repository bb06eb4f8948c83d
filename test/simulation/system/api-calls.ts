import type { ContextName } from '../../../schema/contexts.ts';
import type { CommandAnswer, ListEntry, ListQuestion, PersonCommand } from '../history.ts';
import type { CodeVersion } from '../world/deployment.ts';

/** A request to the function `api`, as people send it. */
export type ApiCall = CommandCall | RowCall | PastCall | ListCall | FindPersonCall | PersonCall;

/** A command. */
export interface CommandCall {
  readonly kind: 'command';
  readonly command: PersonCommand;
  readonly key?: string;
  readonly expectedVersion?: number;
}

/** The row of a stream now. `isFresh`: with everything that is committed. */
export interface RowCall {
  readonly kind: 'row';
  readonly context: ContextName;
  readonly id: string;
  readonly isFresh: boolean;
}

/** The row of a stream at an earlier point. */
export interface PastCall {
  readonly kind: 'past';
  readonly context: ContextName;
  readonly id: string;
  readonly point: { readonly at: string } | { readonly version: number };
}

/** A page of a list, behind this key. */
export interface ListCall extends ListQuestion {
  readonly kind: 'list';
  readonly after?: string;
}

/** Who has an identifier. */
export interface FindPersonCall {
  readonly kind: 'find-person';
  readonly identifier: string;
}

/** A command on a person. */
export interface PersonCall {
  readonly kind: 'person';
  readonly asks: 'hold' | 'lift' | 'erase';
  readonly personId: string;
  readonly key: string;
}

/** The answer to a {@link FindPersonCall}. */
export interface FoundPersons {
  readonly persons: readonly string[];
}

/** The answer to a {@link PersonCall}. `personId`: of whom it is about, if two ids are one person. */
export interface PersonReply {
  readonly personId: string;
  readonly answer: CommandAnswer;
}

/** The answer to a {@link ListCall}. `next`: where the next page begins. */
export type ListReply =
  | { readonly entries: readonly ListEntry[]; readonly next?: string | undefined }
  | { readonly failed: string };

/** The answer to a {@link CommandCall}, with the id of its commits. */
export interface CommandReply {
  readonly answer: CommandAnswer;
  readonly commandId: string;
}

/** The answer to a {@link RowCall} or {@link PastCall}. `failed`: a code, such as "future-instant". */
export type RowReply =
  | {
      readonly found:
        | {
            readonly version: number;
            readonly generation?: string | undefined;
            readonly row: Readonly<Record<string, unknown>>;
          }
        | undefined;
      /** The code that answered. */
      readonly code: CodeVersion;
    }
  | { readonly failed: string };
