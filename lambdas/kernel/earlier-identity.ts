import type { Hydrated } from './catch-up.ts';
import { sha256 } from './command-id.ts';
import type { CommandRequest, Targets } from './command-request.ts';
import { type Commit, type StreamName, streamName } from './commit.ts';
import type { EventLog } from './event-log.ts';

/*
 * How earlier releases identified commands. The release before derived the ids of new streams from the key alone: `plainId`. The one
 * before it stored a caller's key itself as the command id, and derived the ids of automations and of new streams without the caller, or ambiguously.
 * Their commits are still recognised, so that a command that was carried out before an upgrade and is repeated after it takes effect once.
 *
 * This file, `CommandRequest.earlier` and `plainId` can go in a release that is deployed 24 hours or more after this one, because keys
 * last 24 hours. From then on, keys of before are forgotten, also those among the last 100 commands of a stream.
 */

type Context = Pick<CommandRequest, 'commandId' | 'earlier' | 'plainId' | 'causationId'>;

/** The earlier form of {@link commandIdOn}. */
export function earlierIdOn(stream: StreamName, first: StreamName, commandId: string): string {
  return stream === first ? commandId : sha256(`${first} ${commandId}`);
}

/**
 * Whether a commit with an earlier id is of the command that this request repeats, and not of another caller with the same
 * key. Only commits of automations have a cause, so a caller whose name is that of an automation is another one.
 */
export function isEarlierOf({
  earlier,
  causationId,
}: Pick<Context, 'earlier' | 'causationId'>): (commit: Commit) => boolean {
  return (commit) => commit.actor === earlier?.actor && commit.causationId === causationId;
}

/**
 * The targets of a command that an earlier release carried out, if it creates a stream whose id was derived otherwise then.
 * Costs one or two consistent reads of one commit for each command that creates a stream with a key, and nothing for any other.
 * A retry that arrives while the earlier release still carries out its first attempt is not recognised.
 */
export async function earlierTargets<Command, State>(
  log: Pick<EventLog, 'readCommit'>,
  category: string,
  [target, ...others]: Targets<Command, State>,
  [first]: readonly [Hydrated<State>, ...Hydrated<State>[]],
  request: Context,
): Promise<Targets<Command, State> | undefined> {
  if (first.version > 0) return undefined;
  for (const { id, isOurs } of earlierCreations(request)) {
    if (id === target.id) continue;
    const commit = await log.readCommit(streamName(category, id), 1);
    if (commit !== undefined && isOurs(commit)) return [{ ...target, id }, ...others];
  }
  return undefined;
}

/** The ids that earlier releases would have given the new stream, and how its first commit is recognised. */
function earlierCreations(request: Context) {
  const { commandId, plainId, earlier } = request;
  const isPlain = (commit: Commit) => commit.commandId === commandId;
  const isEarlier = isEarlierOf(request);
  const isOfKey = (commit: Commit) => commit.commandId === earlier?.commandId && isEarlier(commit);
  return [
    ...(plainId === undefined ? [] : [{ id: plainId, isOurs: isPlain }]),
    ...(earlier?.createdId === undefined ? [] : [{ id: earlier.createdId, isOurs: isOfKey }]),
  ];
}
