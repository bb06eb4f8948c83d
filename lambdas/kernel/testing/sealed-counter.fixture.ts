import type { Commit, StreamName } from '../commit.ts';
import { sealed as withHash } from '../commit-hash.ts';
import type { EventLog } from '../event-log.ts';
import { foldCommits } from '../fold.ts';
import { rowAt } from '../fresh-row.ts';
import { hydrate } from '../hydrate.ts';
import { MemorySegmentStore } from '../memory/memory-segment-store.ts';
import { MemorySnapshotStore } from '../memory/memory-snapshot-store.ts';
import { type Observer, silentObserver } from '../observer.ts';
import type { PointInTime } from '../point-in-time.ts';
import type { Projection } from '../projection.ts';
import type { SealRequest } from '../segments/seal-requests.ts';
import { SealedStreams } from '../segments/sealed-streams.ts';
import { Sealer } from '../segments/sealer.ts';
import type { SegmentStore } from '../segments/segment-store.ts';
import { SegmentedHistory } from '../segments/segmented-history.ts';
import { type CounterEvent, counter, counterEvents } from './counter.fixture.ts';

/** A row whose content depends on everything that folding must keep. */
export interface CounterRow {
  readonly total: number;
  readonly lastId: string;
  readonly updatedAt: string;
}

export const counterRows: Projection<CounterEvent, CounterRow, never> = {
  name: 'counter',
  category: 'counter',
  events: counterEvents,
  project: (row, { id, committedAt, version, ...event }) => ({
    row: {
      total: (row?.total ?? 0) + version * (event.type === 'Counter:Added' ? event.data.amount : 0),
      lastId: id,
      updatedAt: committedAt,
    },
  }),
};

/** Appends commits of `count` events each, the first at `version`. The time of a commit is its version in `seconds`. */
export async function appendCounts(
  log: EventLog,
  stream: StreamName,
  counts: readonly number[],
  { seconds = 1, ...from }: Partial<Pick<Commit, 'version' | 'hash'>> & { readonly seconds?: number } = {},
): Promise<Pick<Commit, 'version' | 'hash'>> {
  let { version = 1, hash } = from;
  for (const count of counts) {
    const commit: Commit = withHash(
      {
        stream,
        version,
        events: Array.from({ length: count }, (_, index) => ({
          id: `event ${stream} ${version + index}`,
          type: 'Counter:Added',
          schemaVersion: 1,
          data: { amount: (version + index) % 97 },
        })),
        commandId: `command ${version}`,
        commandHash: 'hash',
        committedAt: new Date(Date.UTC(2026, 0, 1) + version * seconds * 1_000).toISOString(),
        answer: '{}',
        correlationId: 'correlation',
      },
      hash,
    );
    await log.append([commit]);
    ({ hash } = commit);
    version += count;
  }
  return { version, ...(hash !== undefined && { hash }) };
}

/** Everything that reads and writes the sealed history of counters. */
export function sealedCounters(log: EventLog, segments: SegmentStore = new MemorySegmentStore()) {
  const requests: SealRequest[] = [];
  const warnings: string[] = [];
  const observer: Observer = { ...silentObserver, warn: (message) => void warnings.push(message) };
  const sealed = new SealedStreams({
    segments,
    log,
    observer,
    requests: { ask: async (request) => void requests.push(request) },
  });
  const projections = new Map([[counterRows.category, counterRows]]);
  const sealer = new Sealer({ log, segments, projections, observer });
  const history = new SegmentedHistory({ log, sealed });
  const sources = { log, events: counterEvents, isSaveDue: () => false, observer };
  const hydrated = async (stream: StreamName, withSealed: boolean) => {
    const {
      commands,
      snapshotVersion: _,
      ...hydrated
    } = await hydrate<
      ReturnType<typeof counter.initialState>,
      Parameters<typeof counter.decide>[0],
      CounterEvent
    >(
      {
        ...sources,
        save: async (reached) => reached,
        snapshots: new MemorySnapshotStore(),
        ...(withSealed && { sealed }),
      },
      counter,
      stream,
    );
    return {
      ...hydrated,
      commands: Buffer.from(commands.toBytes(hydrated.committedAt ?? '')).toString('hex'),
    };
  };
  const fold = async (pages: ReturnType<typeof history.read>) =>
    foldCommits(counterRows, undefined, (await Array.fromAsync(pages)).flat());
  const at = (stream: StreamName, point: PointInTime, withSealed: boolean) =>
    rowAt(withSealed ? { log, sealed } : { log }, counterRows, stream, point);

  return {
    segments,
    sealed,
    sealer,
    history,
    requests,
    warnings,
    seal: (stream: StreamName, check = false) => sealer.seal({ stream, check }, () => true),
    /** What every reader answers, by sealed history or by the log alone. */
    answers: async (stream: StreamName, points: readonly PointInTime[], by: 'segments' | 'log') => ({
      hydrated: await hydrated(stream, by === 'segments'),
      folded: await fold(by === 'segments' ? history.read(stream) : log.read(stream)),
      past: await Promise.all(points.map((point) => at(stream, point, by === 'segments'))),
    }),
  };
}
