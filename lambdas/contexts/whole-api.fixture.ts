import { createApiHandler } from '../http/api-handler.ts';
import { createCursors } from '../http/cursor.ts';
import { erasuresOf } from '../http/erasures.ts';
import { identifier } from '../http/identify.ts';
import { openApiRoute } from '../http/openapi.ts';
import type { ReadLine, RecordRead } from '../http/reads.ts';
import type { Route } from '../http/route.ts';
import { notingLogger, testContext, testCorrelationId, testNow } from '../http/testing.ts';
import { visibilityOf } from '../http/visibility.ts';
import { categoryRows, foldCommits, type LogQueries, type StreamName } from '../kernel/index.ts';
import {
  MemoryBookmarks,
  MemoryEventLog,
  MemoryParkingLot,
  MemoryReadModel,
  MemoryWaitingRoom,
} from '../kernel/memory/index.ts';
import { FixedKeys, memoryContext } from '../kernel/testing/index.ts';
import { HeadWatchingLog } from '../system/head-watching-log.ts';
import { healthRoute } from '../system/health.ts';
import { streamRoute } from '../system/streams.ts';
import { type AnyContext, contextModule } from './context-module.ts';
import { dispenseExport } from './dispense/api/export.ts';
import { dispenseRoutes } from './dispense/api/routes.ts';
import { dispenseContext } from './dispense/context.ts';
import { MemoryDocumentStore } from './dispense/documents/memory-document-store.ts';
import type { DispenseCommand } from './dispense/domain/dispense.ts';
import ledger from './ledger/context.ts';
import { loadTodoRules } from './load-todo-rules.ts';
import metrics from './metrics/context.ts';
import person from './person/context.ts';
import { memoryPersons } from './persons.fixture.ts';
import { todoRoutes } from './todo/api/routes.ts';
import { todoConsumers, todoLists, todoProjections } from './todo/read-model/projection.ts';

export const issuer = 'https://issuer.test';

/** The claims of a token. Default of `scope`: none. */
export interface Claims {
  readonly sub?: string;
  readonly tenant?: string;
  readonly scope?: string;
}

interface Request {
  readonly claims?: Claims | undefined;
  readonly json?: unknown;
  readonly base64?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** True: the function is invoked directly, without an authorizer. */
  readonly direct?: boolean;
}

/** All routes of the API in memory, with everything that they log. Reads and projections see each other's writes at once. */
export async function wholeApi({ recordRead }: { readonly recordRead?: RecordRead } = {}) {
  const reads: ReadLine[] = [];
  const logged: string[] = [];
  const documents = new MemoryDocumentStore();
  const contexts: Readonly<Record<string, AnyContext>> = {
    ledger,
    metrics,
    person,
    dispense: contextModule(dispenseContext, (side) => dispenseRoutes({ ...side, documents }), {
      exported: (side) => dispenseExport({ ...side, documents }),
    }),
  };
  const keys = new FixedKeys();
  const parts = Object.entries(contexts).map(([name, context]) => ({
    name,
    context,
    memory: memoryContext(context, { now: testNow, keys }),
  }));
  const memoryOf = (stream: string) => {
    const found = parts.find(({ name }) => stream.startsWith(`${name}/`))?.memory;
    if (found === undefined) throw new Error(`No context has the stream ${stream}.`);
    return found;
  };
  const warn = (message: string) => logged.push(message);
  const setting = (name: string): never => {
    throw new Error(`A spec has no variable ${name}.`);
  };
  const bookmarks = new MemoryBookmarks();
  const known = memoryPersons();
  const shared = {
    cursors: createCursors(Buffer.alloc(32, 7)),
    bookmarks,
    persons: known.persons,
    warn,
    env: {},
    setting,
  };
  const rules = await loadTodoRules();
  const todos = new MemoryReadModel(todoLists);
  const log = new HeadWatchingLog(new MemoryEventLog());
  const allStreams: LogQueries = {
    read: (stream, range) => memoryOf(stream).log.read(stream, range),
    readCommit: (stream, version) => memoryOf(stream).log.readCommit(stream, version),
  };
  const visibility = visibilityOf(
    parts.flatMap(({ context, memory }) => context.visibility?.(memory.log) ?? []),
  );
  const exports = parts.flatMap(
    ({ context, memory }) => context.exported?.({ ...memory, log: allStreams, keys, ...shared }) ?? [],
  );
  const isErased = erasuresOf(
    parts.flatMap(({ context, memory }) => context.erasures?.({ ...memory, log: allStreams }) ?? []),
  );
  const routes: Route[] = [
    ...parts.flatMap(({ context, memory }) =>
      context.routes({ ...memory, log: allStreams, keys, ...shared, exports }),
    ),
    ...todoRoutes({ readModel: todos, cursors: shared.cursors, rules, visibility }),
    streamRoute(allStreams, keys, shared.cursors, visibility, isErased),
    healthRoute({
      log,
      progress: { read: async () => [] } as never,
      parkingLot: new MemoryParkingLot(),
      waitingRoom: new MemoryWaitingRoom(),
      destinationQueues: [],
      projections: [],
      queueConsumers: todoConsumers(rules),
      queues: {
        depthOf: async () => ({ waiting: 0, inProgress: 0 }),
        workQueues: [],
        givenUpNoticesUrl: 'notices',
      },
      warn,
    }),
  ];
  routes.push(openApiRoute({ title: 't', version: '1', authentication: 'jwt' }, routes));
  const handler = createApiHandler({
    routes,
    logger: notingLogger((line) => logged.push(line)),
    identify: identifier({
      kind: 'jwt',
      issuer,
      scopes: 'as-named',
      claims: { subject: 'sub', scopes: ['scope'], tenant: 'tenant', defaultTenant: 'default' },
    }),
    recordRead: (line) => {
      logged.push(JSON.stringify(line));
      reads.push(line);
      recordRead?.(line);
    },
    now: () => testNow,
  });

  return {
    routes,
    /** The keys of subjects, of all contexts. */
    keys,
    /** The lines of the audit. */
    reads,
    /** Every line that was logged, those of the audit too. */
    logged,
    documents,
    /** All commits of a stream, as they are stored. */
    commitsOf: async (stream: StreamName) =>
      (await Array.fromAsync(memoryOf(stream).log.read(stream))).flat(),
    /** Adds or replaces a person in the index. */
    addPerson: known.add,
    /** Sends a command to a dispense, as an automation does. */
    send: (id: string, command: DispenseCommand) => memoryOf(`dispense/${id}`).send(id, command as never),
    call: async (
      method: string,
      path: string,
      { claims, json, base64, query = '', headers, direct = false }: Request = {},
    ) => {
      const jwt = claims && { claims: { iss: issuer, ...claims } };
      const {
        statusCode,
        headers: answered,
        body,
      } = await handler(
        {
          version: '2.0',
          rawPath: path,
          rawQueryString: query,
          headers: {
            'x-correlation-id': testCorrelationId,
            'content-type': base64 === undefined ? 'application/json' : 'application/octet-stream',
            ...headers,
          },
          requestContext: {
            ...(!direct && { apiId: 'api' }),
            http: { method, path },
            ...(jwt && { authorizer: { jwt } }),
          },
          ...(json !== undefined && { body: JSON.stringify(json) }),
          ...(base64 !== undefined && { body: base64, isBase64Encoded: true }),
        },
        { ...testContext, awsRequestId: 'function-request' },
      );
      return {
        status: statusCode,
        headers: answered,
        body: body === undefined ? undefined : JSON.parse(body),
      };
    },
    /** Brings the row of a stream, and its TODO items, up to date. */
    project: async (stream: StreamName) => {
      const [category = '', id = ''] = stream.split('/');
      await memoryOf(stream).project(id);
      const commits = (await Array.fromAsync(memoryOf(stream).log.read(stream))).flat();
      const projection = todoProjections(rules).find((each) => each.category === category);
      const folded = projection && foldCommits(projection, undefined, commits);
      if (folded) await categoryRows(todos, category).save({ id, expectedVersion: 0, ...folded });
    },
  };
}
