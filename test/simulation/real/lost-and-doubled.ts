import { derivedId } from '../../../lambdas/http/commands.ts';
import type { Operation, RecordedCommit, RecordedHistory } from '../history.ts';
import { isAcknowledged, wasNeverCommitted } from './recorder.ts';

/** What must not be. Each is a sentence. */
export interface LostAndDoubled {
  /** Commits of acknowledged commands that are not in the log. */
  readonly lost: readonly string[];
  /** Commits that are in the log once more, that nobody asked for, or whose command was refused each time. */
  readonly doubled: readonly string[];
}

/** Counts each command's commits in the log. A transfer has one on each of its two streams. */
export function lostAndDoubled({
  operations,
  commits,
}: Pick<RecordedHistory, 'operations' | 'commits'>): LostAndDoubled {
  const found = Map.groupBy(commits, placeOf);
  const asked = new Set<string>();
  const lost: string[] = [];
  const doubled: string[] = [];
  for (const operation of operations) {
    // With another operation's key: its commits would be those of that one.
    if (operation.misusesKeyOf !== undefined) continue;
    for (const place of placesOf(operation)) {
      asked.add(place);
      const times = found.get(place)?.length ?? 0;
      if (times === 0 && isAcknowledged(operation))
        lost.push(sentence(operation, place, 'is not in the log'));
      if (times > 1) doubled.push(sentence(operation, place, `is in the log ${times} times`));
      if (times > 0 && wasNeverCommitted(operation)) {
        doubled.push(sentence(operation, place, 'is in the log, although each answer says it was refused'));
      }
    }
  }
  for (const [place, [commit]] of found) {
    if (!asked.has(place))
      doubled.push(`Version ${commit?.version} of ${commit?.stream}: nobody asked for it.`);
  }
  return { lost, doubled };
}

/** The receiving commit of a transfer has a command id of its own, so the transfer's id stands for it. */
function placeOf({ stream, commandId, events }: RecordedCommit): string {
  const [event] = events;
  if (event?.type !== 'Ledger:TransferReceived') return `${stream} ${commandId}`;
  return received(stream, (event.data as { readonly transferId: string }).transferId);
}

const received = (stream: string, transferId: string): string => `${stream} received ${transferId}`;

/** Where the commits of an operation are in the log. */
function placesOf({ command, commandId }: Operation): readonly string[] {
  if (commandId === undefined) return [];
  const own = `${command.context}/${command.id} ${commandId}`;
  if (command.do !== 'transfer') return [own];
  return [own, received(`ledger/${command.to}`, derivedId('transfer', command.id, commandId))];
}

function sentence({ who, key, command }: Operation, place: string, what: string): string {
  return `${command.do} by ${who} with key ${key}: the commit on ${place.split(' ')[0]} ${what}.`;
}
