import type { Hydrated } from './catch-up.ts';
import { sha256 } from './command-id.ts';
import type { CommandRequest, Targets } from './command-request.ts';
import { type Commit, type StreamName, streamName } from './commit.ts';
import type { EventLog } from './event-log.ts';

/*
 * How the release before identified commands. It stored a caller's key itself as the command id, and derived the ids of
 * automations and of new streams without the caller, or ambiguously. Its commits are still recognised, so that a command
 * that was carried out before an upgrade and is repeated after it takes effect once. A later release derived the ids of new streams with
 * personal fields without a key: whoever has the log could guess the caller's key. Its streams are recognised too.
 *
 * This file, `CommandRequest.earlier` and `CommandRequest.createdIdBefore` can go in a release that is deployed 24 hours or more after this one, because keys
 * last 24 hours. From then on, keys of before are forgotten, also those among the last 100 commands of a stream.
 */

type Context = Pick<CommandRequest, 'earlier' | 'causationId'>;
type CreatingContext = Context & Pick<CommandRequest, 'commandId' | 'createdIdBefore'>;

/** The earlier form of {@link commandIdOn}. */
export function earlierIdOn(stream: StreamName, first: StreamName, commandId: string): string {
  return stream === first ? commandId : sha256(`${first} ${commandId}`);
}

/**
 * Whether a commit with an earlier id is of the command that this request repeats, and not of another caller with the same
 * key. Only commits of automations have a cause, so a caller whose name is that of an automation is another one.
 */
export function isEarlierOf({ earlier, causationId }: Context): (commit: Commit) => boolean {
  return (commit) => commit.actor === earlier?.actor && commit.causationId === causationId;
}

/**
 * The targets of a command that the release before carried out, if it creates a stream whose id was derived otherwise then.
 * Costs one consistent read of one commit for each earlier id of a command that creates a stream with a key, and nothing for any other.
 * A retry that arrives while the release before still carries out its first attempt is not recognised.
 */
export async function earlierTargets<Command, State>(
  log: Pick<EventLog, 'readCommit'>,
  category: string,
  [target, ...others]: Targets<Command, State>,
  [first]: readonly [Hydrated<State>, ...Hydrated<State>[]],
  request: CreatingContext,
): Promise<Targets<Command, State> | undefined> {
  if (first.version > 0) return undefined;
  for (const { id, isOurs } of createdBefore(request)) {
    if (id === undefined || id === target.id) continue;
    const commit = await log.readCommit(streamName(category, id), 1);
    if (commit && isOurs(commit)) return [{ ...target, id }, ...others];
  }
  return undefined;
}

/** The ids that earlier releases derived, the newest first, and which first commits are of this command. */
function createdBefore(request: CreatingContext) {
  const { commandId, createdIdBefore, earlier } = request;
  const isEarlier = isEarlierOf(request);
  return [
    { id: createdIdBefore, isOurs: (commit: Commit) => commit.commandId === commandId },
    {
      id: earlier?.createdId,
      isOurs: (commit: Commit) => commit.commandId === earlier?.commandId && isEarlier(commit),
    },
  ];
}
