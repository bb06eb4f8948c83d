import * as z from 'zod';
import {
  type Commit,
  defineEvents,
  type EventOf,
  type Projection,
  sealed,
  silentObserver,
  versionKey,
} from '../../kernel/index.ts';
import {
  MemoryBuildProgress,
  MemoryEventLog,
  MemoryGenerationRows,
  MemoryGenerations,
  MemoryLogScan,
  MemoryParkingLot,
} from '../../kernel/memory/index.ts';
import { type BuildHolds, type ProgressStore, rebuiltModel } from '../../kernel/rebuild/index.ts';
import { commitAt, simulatedEffects } from '../../kernel/testing/index.ts';
import { Rebuilder } from './rebuilder.ts';
import type { RebuildableModel } from './rebuilder-ports.ts';

const counterEvents = defineEvents({
  'Counter:Added': { schema: z.strictObject({ amount: z.number() }) },
});

type CounterEvent = EventOf<typeof counterEvents>;

/** A row of the tests. */
export interface Tally {
  readonly total: number;
  readonly count: number;
}

/** A line for each event. */
export interface TallyLine {
  readonly amount: number;
}

/** Sums amounts. A negative amount of 666 cannot be folded. */
export const tally: Projection<CounterEvent, Tally, TallyLine> = {
  name: 'counter',
  category: 'counter',
  events: counterEvents,
  project: (row = { total: 0, count: 0 }, event) => {
    const { amount } = event.data;
    if (amount === -666) throw new Error('This cannot be folded.');
    return {
      row: { total: row.total + amount, count: row.count + 1 },
      line: { key: versionKey(event.version), line: { amount } },
    };
  },
};

/** The next commit of a stream, with these amounts. */
export function nextCommit(log: MemoryEventLog, id: string, amounts: readonly number[]): Commit {
  const stream = `counter/${id}` as const;
  const last = log
    .all()
    .filter((commit) => commit.stream === stream)
    .sort((a, b) => a.version - b.version)
    .at(-1);
  const version = last === undefined ? 1 : last.version + last.events.length;
  const events = amounts.map((amount, index) => ({
    id: `${id}-${version + index}`,
    type: 'Counter:Added',
    schemaVersion: 1,
    data: { amount },
  }));
  return sealed(commitAt(stream, version, amounts.length, { events }), last?.hash);
}

/** What the rebuilder of a test needs. */
export type MemoryRebuildOptions = ConstructorParameters<typeof MemoryLogScan>[1] & {
  readonly settleMs?: number;
  /** Called before progress is stored. Throwing kills the invocation. */
  readonly beforeSave?: () => void;
};

/** A rebuilder of one read model in memory, which has the name "ledger". */
export function memoryRebuild(options: MemoryRebuildOptions) {
  const log = new MemoryEventLog();
  const rows = new MemoryGenerationRows<Tally, TallyLine>(tally);
  const generations = new MemoryGenerations();
  const parkingLot = new MemoryParkingLot();
  const effects = simulatedEffects({ now: '2026-01-01T00:00:00.000Z' });
  const model = {
    model: rebuiltModel(tally as never, [tally as never]),
    consumers: ['counter'],
    rowsOf: (generation: string) => rows.rowsOf(generation),
    writerOf: (generation: string) => rows.writerOf(generation),
    rowScan: rows,
  } as unknown as RebuildableModel;
  const stored = new MemoryBuildProgress();
  const progress: ProgressStore & BuildHolds = {
    load: (part) => stored.load(part),
    save: async (...saved) => {
      options.beforeSave?.();
      return stored.save(...saved);
    },
    hold: (...held) => stored.hold(...held),
    heldUntil: (build) => stored.heldUntil(build),
  };
  const settleMs = options.settleMs ?? 92_000;
  const rebuilder = new Rebuilder({
    load: async () => model,
    generations,
    progress,
    scan: new MemoryLogScan(log, options),
    history: log,
    parking: { parkingLot, observer: silentObserver },
    effects,
    settleMs,
  });
  const pass = (ms: number) => {
    effects.clock.now = new Date(Date.parse(effects.clock.now) + ms).toISOString();
  };
  return { log, rows, generations, parkingLot, progress, effects, rebuilder, pass, settleMs };
}
