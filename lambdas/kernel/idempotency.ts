import type { Hydrated } from './catch-up.ts';
import type { CommandIdentity, StoredIdentity } from './command-identity.ts';
import type { CommandRequest } from './command-request.ts';
import type { Commit, StreamName } from './commit.ts';
import { isEarlierOf } from './earlier-identity.ts';
import { EventSourcingError } from './errors.ts';
import type { EventLog } from './event-log.ts';
import { findForgotten } from './find-forgotten.ts';

/** One way in which a command can have been stored. */
interface Form {
  /** Undefined: not on this stream. */
  readonly on: (stream: StreamName) => StoredIdentity | undefined;
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
  for (const form of formsOf(identity, request)) {
    const found = await findAs(sources, hydrated, form);
    if (found) return found;
  }
  return undefined;
}

function formsOf(
  identity: CommandIdentity,
  request: Pick<CommandRequest, 'earlier' | 'actor' | 'causationId'>,
): readonly Form[] {
  const { earlier } = request;
  const isOurs = () => true;
  return [
    { on: (stream) => identity.keyedOn(stream), isOurs },
    { on: (stream) => identity.plainOn(stream), isOurs },
    ...(earlier === undefined
      ? []
      : [
          {
            on: (stream: StreamName) => identity.earlierOn(stream, earlier.commandId),
            isOurs: isEarlierOf(request),
          },
        ]),
  ];
}

async function findAs<State>(
  { log, catchUp }: RepeatedSources<State>,
  [first, ...others]: readonly [Hydrated<State>, ...Hydrated<State>[]],
  form: Form,
): Promise<Commit | undefined> {
  const found = await findIn(log, first, form);
  if (found) return found;
  for (const other of others) {
    const proof = await findIn(log, other, form);
    if (proof === undefined) continue;
    // The earlier attempt may have committed between the reads of the first and this stream. Read the first stream again. Only for
    // speed: the search below would find the commit too.
    const newest = await catchUp(first);
    const commit =
      (await findIn(log, newest, form)) ??
      // Or more commands followed on the first stream than its snapshot remembers.
      (await findForgottenAs(log, newest, form, proof));
    if (commit === undefined) throw alreadyCarriedOut(first.stream);
    return commit;
  }
  return undefined;
}

/** `proof`: the command's commit on another stream. */
async function findForgottenAs<State>(
  log: Pick<EventLog, 'read'>,
  { stream, version }: Hydrated<State>,
  form: Form,
  { committedAt }: Commit,
): Promise<Commit | undefined> {
  const identity = form.on(stream);
  // Without its key, a commit cannot be recognised.
  if (identity === undefined) return undefined;
  return findForgotten(log, { stream, version, committedAt }, (one) => isOf(one, identity, form));
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
  form: Form,
): Promise<Commit | undefined> {
  const identity = form.on(stream);
  if (identity === undefined) return undefined;
  const { commandId } = identity;
  for (const version of commands.candidates(commandId)) {
    const commit = await log.readCommit(stream, version);
    if (commit?.commandId !== commandId || !form.isOurs(commit)) continue;
    if (isOf(commit, identity, form)) return commit;
    throw new EventSourcingError(
      'idempotency-key-reused',
      stream,
      'This idempotency key was already used for a different command. Use a new key for a new command.',
    );
  }
  return undefined;
}

function isOf(commit: Commit, { commandId, commandHash }: StoredIdentity, { isOurs }: Form): boolean {
  return commit.commandId === commandId && commit.commandHash === commandHash && isOurs(commit);
}
