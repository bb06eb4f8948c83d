import type { Operation } from '../history.ts';
import { decideAt, differenceOf } from './expected.ts';
import { streamsOf } from './model/rules.ts';
import type { PlacedCommit, StreamStory } from './stream-story.ts';

/** The commits of an operation: on its first stream, and on the other one of a transfer. */
export interface Made {
  readonly first: readonly PlacedCommit[];
  readonly second: readonly PlacedCommit[];
}

/** Event types that automations record: the sweeper of metrics, and the recorder of analyses. */
const reactions: ReadonlySet<string> = new Set([
  'Metric:Expired',
  'Dispense:PrescriptionAnalyzed',
  'Dispense:AnalysisFailed',
  'Dispense:Erased',
  'Person:Erased',
]);

type Streams = ReadonlyMap<string, StreamStory>;

/** Finds the maker of each commit, and returns the commits of each operation by its index. */
export function findOwners(operations: readonly Operation[], streams: Streams): readonly Made[] {
  const made = operations.map((): { first: PlacedCommit[]; second: PlacedCommit[] } => ({
    first: [],
    second: [],
  }));
  const makerOf = makers(operations, streams);
  /** The operation that made a transfer, by the id of the transfer. */
  const senders = new Map<unknown, number>();
  const received: PlacedCommit[] = [];
  for (const placed of [...streams.values()].flatMap(({ commits }) => commits)) {
    const [event] = placed.events;
    const index = makerOf(placed);
    if (placed.commit.isPrepared) placed.owner = { by: 'preparation' };
    else if (index !== undefined) {
      placed.owner = { by: 'operation', index, part: 0 };
      made[index]?.first.push(placed);
      if (event?.type === 'Ledger:TransferSent') senders.set(event.data['transferId'], index);
    } else if (event?.type === 'Ledger:TransferReceived') received.push(placed);
    else if (placed.events.every(({ type }) => reactions.has(type))) placed.owner = { by: 'automation' };
  }
  for (const placed of received) {
    const index = senders.get(placed.events[0]?.data['transferId']);
    const operation = index === undefined ? undefined : operations[index];
    if (index === undefined || operation === undefined) continue;
    if (streamsOf(operation.command)[1] !== placed.commit.stream) continue;
    placed.owner = { by: 'operation', index, part: 1 };
    made[index]?.second.push(placed);
  }
  return made;
}

/** Returns a function that finds the operation with the command id of a commit, or one without id whose command the commit is. */
function makers(operations: readonly Operation[], streams: Streams) {
  const byId = new Map<string, number[]>();
  const withoutId = new Map<string, Set<number>>();
  operations.forEach(({ command, commandId }, index) => {
    const [first] = streamsOf(command);
    if (commandId === undefined) withoutId.set(first, (withoutId.get(first) ?? new Set()).add(index));
    else byId.set(`${first} ${commandId}`, [...(byId.get(`${first} ${commandId}`) ?? []), index]);
  });
  return (placed: PlacedCommit): number | undefined => {
    const { stream, commandId } = placed.commit;
    const known = byId.get(`${stream} ${commandId}`);
    if (known !== undefined) return bestOf(known, operations, streams, placed);
    const free = withoutId.get(stream) ?? new Set<number>();
    for (const index of free) {
      if (problemOf(operations[index], streams, placed) !== undefined) continue;
      free.delete(index);
      return index;
    }
    return undefined;
  };
}

/** Of the operations with the same key on the same stream: the one whose command this commit is. */
function bestOf(
  indexes: readonly number[],
  operations: readonly Operation[],
  streams: Streams,
  placed: PlacedCommit,
): number | undefined {
  if (indexes.length <= 1) return indexes[0];
  return indexes.find((index) => problemOf(operations[index], streams, placed) === undefined) ?? indexes[0];
}

function problemOf(
  operation: Operation | undefined,
  streams: Streams,
  placed: PlacedCommit,
): string | undefined {
  if (operation === undefined) return 'There is no such operation.';
  return differenceOf(decideAt(streams, operation.command, placed), [placed]);
}
