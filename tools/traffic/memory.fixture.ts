import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { ledgerRoutes } from '../../lambdas/contexts/ledger/api/routes.ts';
import { ledgerContext } from '../../lambdas/contexts/ledger/context.ts';
import { metricRoutes } from '../../lambdas/contexts/metrics/api/routes.ts';
import { sweepDueTargets } from '../../lambdas/contexts/metrics/automations/sweep.ts';
import { metricsContext } from '../../lambdas/contexts/metrics/context.ts';
import { createApiHandler } from '../../lambdas/http/api-handler.ts';
import { type Cursors, createCursors } from '../../lambdas/http/cursor.ts';
import type { Route } from '../../lambdas/http/route.ts';
import { noAudit, openToAll } from '../../lambdas/http/testing.ts';
import {
  CommandHandler,
  type Commit,
  CommitClock,
  type ContextDefinition,
  type ContextTypes,
  type DomainEvent,
  Projector,
  type SubjectKeys,
  sealed,
  silentObserver,
  updatesByStream,
} from '../../lambdas/kernel/index.ts';
import {
  MemoryBookmarks,
  MemoryEventLog,
  MemoryParkingLot,
  MemoryReadModel,
  MemorySnapshotStore,
} from '../../lambdas/kernel/memory/index.ts';
import { FixedKeys, simulatedEffects } from '../../lambdas/kernel/testing/index.ts';
import type { ApiAnswer, ApiRequest } from './http-client.ts';

/** Sends a request and resolves with its answer. */
export type Send = (request: ApiRequest) => Promise<ApiAnswer>;

/** Time passes only with requests: this much with each. */
const requestMs = 20;
/** Number of requests between two sweeps of due targets. */
const requestsPerSweep = 40;

/** What a spec changes between the real code and its log or read model. */
export interface Faults {
  /** Replaces a commit before it is written; `undefined` loses it, but acknowledges it. */
  readonly store?: (commit: Commit) => Commit | undefined;
  /** Whether a commit reaches the read model. */
  readonly isProjected?: (commit: Commit) => boolean;
}

/** A real context in memory, and the clock of its client in ms since 1970. */
export interface MemorySystem {
  readonly send: Send;
  readonly nowMs: () => number;
}

export function memoryLedger(faults: Faults = {}): MemorySystem {
  return memorySystem((now) => memoryContext(ledgerContext, ledgerRoutes, now, faults).send, 0);
}

/** `aheadMs`: how far the server's clock is ahead of the client's. */
export function memoryMetrics(faults: Faults = {}, { aheadMs = 0 } = {}): MemorySystem {
  return memorySystem((now) => {
    const { send, handler, readModel } = memoryContext(metricsContext, metricRoutes, now, faults);
    const sweeper = {
      readModel,
      handler,
      bookmarks: new MemoryBookmarks(),
      settled: new Set<string>(),
      observer: silentObserver,
    };
    let requests = 0;
    return async (request) => {
      const answer = await send(request);
      requests += 1;
      if (requests % requestsPerSweep === 0) {
        await sweepDueTargets(sweeper, now(), () => true);
      }
      return answer;
    };
  }, aheadMs);
}

function memorySystem(start: (now: () => string) => Send, aheadMs: number): MemorySystem {
  let nowMs = Date.UTC(2026, 0, 1);
  const send = start(() => new Date(nowMs + aheadMs).toISOString());
  return {
    nowMs: () => nowMs,
    send: (request) => {
      nowMs += requestMs;
      return send(request);
    },
  };
}

interface Dependencies<Types extends ContextTypes> {
  readonly handler: CommandHandler<Types['state'], Types['command'], Types['event'], Types['answer']>;
  readonly log: MemoryEventLog;
  readonly commitClock: CommitClock;
  readonly readModel: MemoryReadModel<Types['row'], Types['line']>;
  readonly cursors: Cursors;
  readonly bookmarks: MemoryBookmarks;
  readonly keys: SubjectKeys;
}

function memoryContext<Types extends ContextTypes>(
  context: ContextDefinition<Types>,
  routes: (dependencies: Dependencies<Types>) => Route[],
  now: () => string,
  faults: Faults,
) {
  const readModel = new MemoryReadModel<Types['row'], Types['line']>(context.projection);
  const effects = { ...simulatedEffects(), now };
  const commitClock = new CommitClock(effects);
  const log = new ProjectedLog(faults, (source) => {
    const parkingLot = new MemoryParkingLot();
    return new Projector({ projection: context.projection, log: source, readModel, parkingLot, effects });
  });
  const snapshots = new MemorySnapshotStore();
  const cursors = createCursors(randomBytes(32));
  const bookmarks = new MemoryBookmarks();
  const keys = new FixedKeys();
  const logger = new Logger({ logLevel: 'SILENT' });
  const start = () => {
    const handler = new CommandHandler<Types['state'], Types['command'], Types['event'], Types['answer']>({
      log,
      snapshots,
      ...context,
      snapshotThreshold: 100,
      effects,
      keys,
    });
    const own = routes({ handler, log, commitClock, readModel, cursors, bookmarks, keys });
    const api = createApiHandler({ routes: own, logger, identify: openToAll, recordRead: noAudit, now });
    return { handler, api };
  };
  let warm = start();
  const { handler } = warm;
  log.onFault = () => {
    warm = start();
  };
  const send: Send = async ({ method, path, headers, body }) => {
    const [rawPath = '', rawQueryString = ''] = path.split('?');
    const answer = await warm.api(
      {
        version: '2.0',
        rawPath,
        rawQueryString,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        requestContext: { http: { method } },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
      {} as Context,
    );
    const parsed = answer.body === undefined ? undefined : JSON.parse(answer.body);
    return { status: answer.statusCode, headers: answer.headers, body: parsed };
  };
  return { send, handler, readModel };
}

/** Projects every commit as soon as it is written. */
class ProjectedLog<Event extends DomainEvent, Row, Line> extends MemoryEventLog {
  /** Called after a fault, to clear what the function has cached of the stream. */
  onFault: () => void = () => undefined;
  readonly #faults: Faults;
  readonly #projector: Projector<Event, Row, Line>;

  constructor(faults: Faults, projectorFor: (log: MemoryEventLog) => Projector<Event, Row, Line>) {
    super();
    this.#faults = faults;
    this.#projector = projectorFor(this);
  }

  override async append(commits: readonly Commit[]) {
    const { store = (commit: Commit) => commit, isProjected = () => true } = this.#faults;
    const stored = commits.flatMap((commit) => {
      const kept = store(commit);
      if (kept === commit || kept === undefined) return kept ?? [];
      // A wrong decision has a hash that fits. Another hash would be a changed log, which is refused.
      return sealed(kept, kept.previousHash);
    });
    if (stored.length !== commits.length || stored.some((commit, index) => commit !== commits[index]))
      this.onFault();
    if (stored.length === 0) return 'appended';
    const result = await super.append(stored);
    const updates = stored.filter(isProjected).map((commit) => ({ ...commit, count: commit.events.length }));
    if (result === 'appended') await this.#projector.project(updatesByStream(updates));
    return result;
  }
}
