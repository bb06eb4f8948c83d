import { Logger } from '@aws-lambda-powertools/logger';
import { createApiHandler } from '../../http/api-handler.ts';
import { createCursors } from '../../http/cursor.ts';
import { callerOf, noAudit, openToAll, type TestApi } from '../../http/testing.ts';
import { CommandHandler, CommitClock, type EventLog, type SnapshotStore } from '../../kernel/index.ts';
import { MemoryBookmarks, MemoryReadModel } from '../../kernel/memory/index.ts';
import {
  FixedKeys,
  type SimulatedTime,
  SlowLog,
  seededRandom,
  simulatedEffects,
} from '../../kernel/testing/index.ts';
import { memoryPersons } from '../persons.fixture.ts';
import ledger from './context.ts';

/** What the processes of the ledger share. */
export interface SharedLedger {
  readonly time: SimulatedTime;
  readonly log: EventLog;
  readonly snapshots: SnapshotStore;
}

interface ProcessOptions {
  readonly seed: number;
  /** How far its clock is ahead, in ms. */
  readonly aheadMs: number;
  /** True: its clock learns from the answers of the log. */
  readonly isMeasured: boolean;
  /** Default: true. */
  readonly isSlow?: boolean;
}

/** A process that serves the ledger's routes, with a clock and a connection of its own. */
export function ledgerProcess(
  { time, log: store, snapshots }: SharedLedger,
  options: ProcessOptions,
): TestApi {
  const { seed, aheadMs, isMeasured, isSlow = true } = options;
  const now = () => new Date(time.nowMs + aheadMs).toISOString();
  const effects = { ...simulatedEffects({ seed }), now, delay: time.delay };
  const commitClock = new CommitClock(effects);
  const learn = (sentMs: number) => {
    const date = new Date(time.nowMs).toUTCString();
    if (isMeasured) commitClock.note({ sentMs: sentMs + aheadMs, receivedMs: time.nowMs + aheadMs, date });
  };
  const log = isSlow ? new SlowLog(store, time, seededRandom(seed), learn) : store;
  const { decider, events, answer, projection, routes } = ledger;
  const keys = new FixedKeys();
  const handler = new CommandHandler({
    ...{ log, snapshots, decider, events, answer, effects, keys },
    clock: commitClock,
    snapshotThreshold: 50,
  });
  const served = routes({
    ...{ handler, log, commitClock, keys },
    readModel: new MemoryReadModel(projection),
    bookmarks: new MemoryBookmarks(),
    persons: memoryPersons().persons,
    exports: [],
    cursors: createCursors(Buffer.alloc(32, 7)),
    warn: () => undefined,
    env: {},
    setting: (variable) => variable,
  });
  const logger = new Logger({ logLevel: 'SILENT' });
  return callerOf(
    createApiHandler({ routes: served, logger, identify: openToAll, recordRead: noAudit, now }),
  );
}
