import type { Operation } from '../history.ts';
import { decideAt, differenceOf } from './expected.ts';
import { streamsOf } from './model/rules.ts';
import type { Made, PlacedCommit, StreamStory } from './story.ts';

/** Who has made a commit. `part`: which of the operation's streams it is on. */
export type Owner =
  | { readonly by: 'operation'; readonly index: number; readonly part: 0 | 1 }
  | { readonly by: 'automation' }
  /** It was in the log before the history began. */
  | { readonly by: 'preparation' };

/** Event types that automations record: the sweeper of metrics, and the recorder of analyses. */
const reactions: ReadonlySet<string> = new Set([
  'Metric:Expired',
  'Dispense:PrescriptionAnalyzed',
  'Dispense:AnalysisFailed',
]);

type Streams = ReadonlyMap<string, StreamStory>;

/** Finds the maker of each commit, and returns the commits of each operation by its index. */
export function findOwners(operations: readonly Operation[], streams: Streams): readonly Made[] {
  const made = operations.map((): { first: PlacedCommit[]; second: PlacedCommit[] } => ({
    first: [],
    second: [],
  }));
  const byId = Map.groupBy(operations.keys(), (index) => {
    const operation = operations[index] as Operation;
    const [first] = streamsOf(operation.command);
    return operation.commandId === undefined ? first : `${first} ${operation.commandId}`;
  });
  const free = new Set([...operations.keys()].filter((index) => operations[index]?.commandId === undefined));
  const senders = new Map<string, number>();
  const givenTo = (index: number, placed: PlacedCommit) => {
    placed.owner = { by: 'operation', index, part: 0 };
    made[index]?.first.push(placed);
    const { transferId } = placed.events[0]?.data ?? {};
    if (typeof transferId === 'string') senders.set(transferId, index);
  };
  const received: PlacedCommit[] = [];
  for (const stream of streams.values()) {
    for (const placed of stream.commits) {
      const { commit } = placed;
      const known = byId.get(`${stream.name} ${commit.commandId}`) ?? [];
      const index =
        bestOf(known, operations, streams, placed) ??
        (byId.get(stream.name) ?? []).find(
          (one) => free.has(one) && problemOf(operations[one], streams, placed) === undefined,
        );
      if (commit.isPrepared) placed.owner = { by: 'preparation' };
      else if (index !== undefined) {
        free.delete(index);
        givenTo(index, placed);
      } else if (commit.events[0]?.type === 'Ledger:TransferReceived') received.push(placed);
      else if (commit.events.every(({ type }) => reactions.has(type))) placed.owner = { by: 'automation' };
    }
  }
  for (const placed of received) {
    const index = senders.get(String(placed.events[0]?.data['transferId']));
    const operation = index === undefined ? undefined : operations[index];
    if (index === undefined || operation === undefined) continue;
    if (streamsOf(operation.command)[1] !== placed.commit.stream) continue;
    placed.owner = { by: 'operation', index, part: 1 };
    made[index]?.second.push(placed);
  }
  return made;
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
