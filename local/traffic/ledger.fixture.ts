import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { CommandHandler } from '../../lambdas/eventsourcing/command-handler.ts';
import type { Commit } from '../../lambdas/eventsourcing/commit.ts';
import { MemoryEventLog } from '../../lambdas/eventsourcing/event-log/memory-event-log.ts';
import { MemoryReadModel } from '../../lambdas/eventsourcing/projecting/memory-read-model.ts';
import { MemoryParkingLot } from '../../lambdas/eventsourcing/projecting/parking.ts';
import { newsByStream, Projector } from '../../lambdas/eventsourcing/projecting/projector.ts';
import { MemorySnapshotStore } from '../../lambdas/eventsourcing/snapshots/memory-snapshot-store.ts';
import { createApiHandler } from '../../lambdas/http/api-handler.ts';
import { createCursors } from '../../lambdas/http/cursor.ts';
import { ledger } from '../../lambdas/ledger/account.ts';
import { ledgerSchemas } from '../../lambdas/ledger/events.ts';
import { type AccountRow, type Entry, ledgerProjection } from '../../lambdas/ledger/projection.ts';
import { ledgerRoutes } from '../../lambdas/ledger/routes.ts';
import { balanceAnswer } from '../../lambdas/ledger/views.ts';
import type { ApiAnswer, ApiRequest } from './http-client.ts';

/** Sends a request and resolves with its answer. */
export type Send = (request: ApiRequest) => Promise<ApiAnswer>;

/** The real ledger over logs and read models in memory, projected in the moment of the commit. */
export function memoryLedger(): Send {
  const readModel = new MemoryReadModel<AccountRow, Entry>(ledgerProjection);
  const log = new ProjectedLog(readModel);
  const handler = new CommandHandler({
    log,
    snapshots: new MemorySnapshotStore(),
    decider: ledger,
    schemas: ledgerSchemas,
    answer: balanceAnswer,
    snapshotThreshold: 100,
  });
  const api = createApiHandler({
    routes: ledgerRoutes({ handler, log, readModel, cursors: createCursors(randomBytes(32)) }),
    logger: new Logger({ logLevel: 'SILENT' }),
    now: () => new Date().toISOString(),
  });
  return async ({ method, path, headers, body }) => {
    const [rawPath = '', rawQueryString = ''] = path.split('?');
    const event = {
      version: '2.0',
      rawPath,
      rawQueryString,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      requestContext: { http: { method } },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const answer = await api(event, {} as Context);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body === undefined ? undefined : JSON.parse(answer.body),
    };
  };
}

class ProjectedLog extends MemoryEventLog {
  readonly #projector: Projector<AccountRow, Entry>;

  constructor(readModel: MemoryReadModel<AccountRow, Entry>) {
    super();
    const parkingLot = new MemoryParkingLot();
    this.#projector = new Projector({ projection: ledgerProjection, log: this, readModel, parkingLot });
  }

  override async append(commits: readonly Commit[]) {
    const result = await super.append(commits);
    const news = commits.map((commit) => ({ ...commit, count: commit.events.length }));
    if (result === 'appended') await this.#projector.project(newsByStream(news));
    return result;
  }
}
