import { commandIdOn, keyedCommandId, sha256 } from './command-id.ts';
import type { CommandKeys } from './command-keys.ts';
import type { CommandRequest } from './command-request.ts';
import { type Commit, type StreamName, streamName } from './commit.ts';
import { earlierIdOn } from './earlier-identity.ts';

/** What a commit stores of the command that it is from. */
export type StoredIdentity = Pick<Commit, 'commandId' | 'commandHash'>;

/** A command, and the streams that it is for. */
export interface IdentifiedCommand {
  readonly category: string;
  /** Of the streams, at least one. */
  readonly ids: readonly string[];
  readonly request: Pick<CommandRequest, 'commandId' | 'intent'>;
  readonly keys: Pick<CommandKeys, 'get'>;
}

/**
 * The identity of a command on each of its streams. What a stream stores of it is under the stream's own key, so it can be confirmed
 * by no guess, and no more once the key is destroyed.
 */
export class CommandIdentity {
  readonly #first: StreamName;
  readonly #commandId: string;
  /** The category, the ids and the intent: a retry has the same. */
  readonly #content: string;
  readonly #keys: Pick<CommandKeys, 'get'>;

  constructor({ category, ids, request, keys }: IdentifiedCommand) {
    this.#first = streamName(category, ids[0] ?? '');
    this.#commandId = request.commandId;
    this.#content = JSON.stringify([category, ids, request.intent]);
    this.#keys = keys;
  }

  /** What a new commit on this stream stores. */
  on(stream: StreamName): StoredIdentity {
    return this.keyedOn(stream) ?? this.plainOn(stream);
  }

  /** The identity under the stream's key. Undefined without one. */
  keyedOn(stream: StreamName): StoredIdentity | undefined {
    const key = this.#keys.get(stream);
    if (key === undefined) return undefined;
    const { commandId } = this.plainOn(stream);
    return { commandId: keyedCommandId(key, commandId), commandHash: key.mac('command', this.#content) };
  }

  /** The identity without a key: on streams without personal fields, and in every commit of the release before. */
  plainOn(stream: StreamName): StoredIdentity {
    const commandId = commandIdOn(stream, this.#first, this.#commandId);
    return { commandId, commandHash: sha256(this.#content) };
  }

  /** The identity as `earlier-identity.ts` knows it. `commandId`: that of before. */
  earlierOn(stream: StreamName, commandId: string): StoredIdentity {
    return { commandId: earlierIdOn(stream, this.#first, commandId), commandHash: sha256(this.#content) };
  }
}
