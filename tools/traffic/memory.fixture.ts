import { randomBytes } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { createApiHandler } from '../../lambdas/http/api-handler.ts';
import { type Cursors, createCursors } from '../../lambdas/http/cursor.ts';
import type { Route } from '../../lambdas/http/route.ts';
import {
  CommandHandler,
  type Commit,
  type ContextDefinition,
  type DomainEvent,
  Projector,
  updatesByStream,
} from '../../lambdas/kernel/index.ts';
import {
  MemoryEventLog,
  MemoryParkingLot,
  MemoryReadModel,
  MemorySnapshotStore,
} from '../../lambdas/kernel/memory/index.ts';
import { simulatedEffects } from '../../lambdas/kernel/testing/index.ts';
import type { ApiAnswer, ApiRequest } from './http-client.ts';

/** Sends a request and resolves with its answer. */
export type Send = (request: ApiRequest) => Promise<ApiAnswer>;

export interface Dependencies<State, Command, Event extends DomainEvent, Answer, Row, Line> {
  readonly handler: CommandHandler<State, Command, Event, Answer>;
  readonly log: MemoryEventLog;
  readonly readModel: MemoryReadModel<Row, Line>;
  readonly cursors: Cursors;
}

/** A real context over a log and a read model in memory, projected in the moment of the commit. */
export function memoryContext<
  State,
  Command,
  Event extends DomainEvent,
  Answer,
  Row,
  Line,
  List extends string,
>(
  context: ContextDefinition<State, Command, Event, Answer, Row, Line, List>,
  routes: (dependencies: Dependencies<State, Command, Event, Answer, Row, Line>) => Route[],
  now: () => string,
): Dependencies<State, Command, Event, Answer, Row, Line> & { readonly send: Send } {
  const readModel = new MemoryReadModel<Row, Line>(context.projection);
  const log = new ProjectedLog(context, readModel);
  const snapshots = new MemorySnapshotStore();
  const handler = new CommandHandler<State, Command, Event, Answer>({
    log,
    snapshots,
    ...context,
    snapshotThreshold: 100,
    effects: simulatedEffects(),
  });
  const dependencies = { handler, log, readModel, cursors: createCursors(randomBytes(32)) };
  const logger = new Logger({ logLevel: 'SILENT' });
  const api = createApiHandler({ routes: routes(dependencies), logger, now });
  return { ...dependencies, send: async (request) => answerOf(await api(eventOf(request), {} as Context)) };
}

function eventOf({ method, path, headers, body }: ApiRequest) {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  return {
    version: '2.0',
    rawPath,
    rawQueryString,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    requestContext: { http: { method } },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}

type HandlerAnswer = Awaited<ReturnType<ReturnType<typeof createApiHandler>>>;

function answerOf({ statusCode, headers, body }: HandlerAnswer): ApiAnswer {
  return { status: statusCode, headers, body: body === undefined ? undefined : JSON.parse(body) };
}

class ProjectedLog<Event extends DomainEvent, Row, Line> extends MemoryEventLog {
  readonly #projector: Projector<Event, Row, Line>;

  constructor(
    { projection }: Pick<ContextDefinition<never, never, Event, never, Row, Line, string>, 'projection'>,
    readModel: MemoryReadModel<Row, Line>,
  ) {
    super();
    this.#projector = new Projector({
      projection,
      log: this,
      readModel,
      parkingLot: new MemoryParkingLot(),
      effects: simulatedEffects(),
    });
  }

  override async append(commits: readonly Commit[]) {
    const result = await super.append(commits);
    const updates = commits.map((commit) => ({ ...commit, count: commit.events.length }));
    if (result === 'appended') await this.#projector.project(updatesByStream(updates));
    return result;
  }
}
