import type { Hydrated } from './catch-up.ts';
import { commandIdOn, sha256 } from './command-id.ts';
import type { CommandRequest } from './command-request.ts';
import type { Commit, StreamName } from './commit.ts';
import { earlierIdOn, isEarlierOf } from './earlier-identity.ts';
import { EventSourcingError } from './errors.ts';
import type { EventLog } from './event-log.ts';
import { findForgotten } from './find-forgotten.ts';

/** Identifies the commits of a command. */
export interface CommandIdentity {
  readonly commandId: string;
  /** SHA-256 of the category, the ids of the streams and the intent. */
  readonly commandHash: string;
}

/** The identity of a command for these streams. */
export function commandIdentity(
  category: string,
  ids: readonly string[],
  { commandId, intent }: Pick<CommandRequest, 'commandId' | 'intent'>,
): CommandIdentity {
  return { commandId, commandHash: sha256(JSON.stringify([category, ids, intent])) };
}

/** An identity by which stored commits of a command are recognised. */
interface StoredIdentity extends CommandIdentity {
  readonly idOn: typeof commandIdOn;
  /** Whether a commit with the id is of the same caller. */
  readonly isOurs: (commit: Commit) => boolean;
}

/** What finding the commit of an earlier attempt reads. */
export interface RepeatedSources<State> {
  readonly log: Pick<EventLog, 'read' | 'readCommit'>;
  readonly catchUp: (stale: Hydrated<State>) => Promise<Hydrated<State>>;
}

/**
 * The commit that an earlier attempt of this command appended to the first stream; undefined if there is none. A command on
 * several streams is remembered as long as one of them remembers it.
 * Throws `idempotency-key-reused` if another command used the same id, and `already-carried-out` if another stream proves
 * that the command was carried out, but its commit on the first stream cannot be found.
 */
export async function findRepeated<State>(
  sources: RepeatedSources<State>,
  hydrated: readonly [Hydrated<State>, ...Hydrated<State>[]],
  identity: CommandIdentity,
  request: Pick<CommandRequest, 'earlier' | 'actor' | 'causationId'>,
): Promise<Commit | undefined> {
  const { earlier } = request;
  return (
    (await findAs(sources, hydrated, { ...identity, idOn: commandIdOn, isOurs: () => true })) ??
    (earlier &&
      (await findAs(sources, hydrated, {
        ...identity,
        commandId: earlier.commandId,
        idOn: earlierIdOn,
        isOurs: isEarlierOf(request),
      })))
  );
}

async function findAs<State>(
  { log, catchUp }: RepeatedSources<State>,
  [first, ...others]: readonly [Hydrated<State>, ...Hydrated<State>[]],
  identity: StoredIdentity,
): Promise<Commit | undefined> {
  const found = await findIn(log, first, identity);
  if (found) return found;
  for (const other of others) {
    const commandId = identity.idOn(other.stream, first.stream, identity.commandId);
    const proof = await findIn(log, other, { ...identity, commandId });
    if (proof === undefined) continue;
    // The earlier attempt may have committed between the reads of the first and this stream. Read the first stream again. Only for
    // speed: the search below would find the commit too.
    const newest = await catchUp(first);
    const { stream, version } = newest;
    const { committedAt } = proof;
    const commit =
      (await findIn(log, newest, identity)) ??
      // Or more commands followed on the first stream than its snapshot remembers.
      (await findForgotten(log, { stream, version, committedAt }, (one) => isOf(one, identity)));
    if (commit === undefined) throw alreadyCarriedOut(stream);
    return commit;
  }
  return undefined;
}

function alreadyCarriedOut(stream: StreamName): EventSourcingError {
  return new EventSourcingError(
    'already-carried-out',
    stream,
    'This command was carried out before, but its first answer can no longer be found. Nothing was written now.',
  );
}

async function findIn<State>(
  log: Pick<EventLog, 'readCommit'>,
  { stream, commands }: Hydrated<State>,
  identity: StoredIdentity,
): Promise<Commit | undefined> {
  const { commandId, isOurs } = identity;
  for (const version of commands.candidates(commandId)) {
    const commit = await log.readCommit(stream, version);
    if (commit?.commandId !== commandId || !isOurs(commit)) continue;
    if (isOf(commit, identity)) return commit;
    throw new EventSourcingError(
      'idempotency-key-reused',
      stream,
      'This idempotency key was already used for a different command. Use a new key for a new command.',
    );
  }
  return undefined;
}

function isOf(commit: Commit, { commandId, commandHash, isOurs }: StoredIdentity): boolean {
  return commit.commandId === commandId && commit.commandHash === commandHash && isOurs(commit);
}
