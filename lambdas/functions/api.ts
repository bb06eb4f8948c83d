import { randomBytes } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { type Authentication, authenticationVariable } from '../../schema/authentication.ts';
import { aggregateNames, type ContextName, publishedQueueNames, queueNames } from '../../schema/contexts.ts';
import { failuresUrlVariable, givenUpNoticesVariable, queueUrlVariable } from '../../schema/names.ts';
import type { AnyContext } from '../contexts/context-module.ts';
import { loadContext } from '../contexts/load.ts';
import { loadTodoRules } from '../contexts/load-todo-rules.ts';
import { personIndex } from '../contexts/person/index/configured-index.ts';
import { dividedPersons } from '../contexts/person-search.ts';
import { todoRoutes } from '../contexts/todo/api/routes.ts';
import { todoConsumers, todoLists } from '../contexts/todo/read-model/projection.ts';
import { type ApiHandler, createApiHandler, lazyApiHandler } from '../http/api-handler.ts';
import { type Cursors, createCursors } from '../http/cursor.ts';
import { erasuresOf } from '../http/erasures.ts';
import { identifier } from '../http/identify.ts';
import { openApiRoute } from '../http/openapi.ts';
import type { AnsweredRequest } from '../http/request-log.ts';
import { visibilityOf } from '../http/visibility.ts';
import type { LogQueries } from '../kernel/index.ts';
import { SqsSealRequests } from '../messaging/sqs-seal-requests.ts';
import * as build from '../runtime/adapters.ts';
import { sqsClient } from '../runtime/clients.ts';
import { requireEnv } from '../runtime/environment.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { nodeEffects } from '../runtime/node-effects.ts';
import { once } from '../runtime/once.ts';
import { queueDepth } from '../runtime/queue-depth.ts';
import { recordReadTo } from '../runtime/record-read.ts';
import { requestDescription, requestInvocation } from '../runtime/request-span.ts';
import { HeadWatchingLog } from '../system/head-watching-log.ts';
import { healthRoute } from '../system/health.ts';
import { streamRoute } from '../system/streams.ts';

const cursorKeyBytes = 32;

const { env, stdout } = process;
const runtime = functionRuntime(env);
const { logger, observer, platform } = runtime;
const sqs = sqsClient();
const control = build.control(platform);
const parkingLot = build.parkingLot(platform);
const keys = build.subjectKeys(platform);
const adapters = build.commandSide(platform, observer, keys);
const log = new HeadWatchingLog(adapters.log);
const requests = new SqsSealRequests(sqs, requireEnv(env, queueUrlVariable('segments')), {
  observer,
  effects: nodeEffects,
});
const sealed = build.sealedStreams(platform, { log, observer, requests });
const side = { ...adapters, log, sealed };
const persons = dividedPersons(personIndex(platform, requireEnv(env, 'PERSON_INDEX_TABLE')), keys);
/** The log as queries read it. */
const history: LogQueries = {
  read: (stream, range) => log.read(stream, range),
  readCommit: (stream, version) => log.readCommit(stream, version),
  sealed,
};
const authentication: Authentication = JSON.parse(requireEnv(env, authenticationVariable));
const recordRead = recordReadTo(stdout);
const setting = (variable: string) => requireEnv(env, variable);
const onAnswered = (request: AnsweredRequest) => runtime.tracing.describe(requestDescription(request));
const warn = (message: string, error: unknown) => logger.warn(message, { error });

/** Creates the API at the first request, with the stored key that signs cursors. After a failure, the next request retries. */
const api = lazyApiHandler(once(createApi), { logger, recordRead, now: nodeEffects.now, onAnswered });

/** The API: validates commands and appends their events, answers queries from the read models. */
export async function handler(event: unknown, context: Context) {
  return await runtime.invoke(requestInvocation(event, context), () => api(event, context));
}

/** What one context reads and writes, with the read model in its table. */
function sideOf(name: ContextName, context: AnyContext, cursors: Cursors) {
  return {
    handler: build.commandHandler(context, side),
    readModel: build.readModel(context, platform, name),
    log: history,
    commitClock: side.clock,
    keys,
    cursors,
    bookmarks: control,
    persons,
    warn,
    env,
    setting,
  };
}

async function createApi(): Promise<ApiHandler> {
  const cursors = createCursors(await control.sharedSecret('cursor-key', () => randomBytes(cursorKeyBytes)));
  const loaded = await Promise.all(
    aggregateNames.map(async (name) => ({ name, context: await loadContext(name) })),
  );
  const sides = loaded.map(({ name, context }) => ({ context, side: sideOf(name, context, cursors) }));
  const exports = sides.flatMap(({ context, side }) => context.exported?.(side) ?? []);
  const rules = await loadTodoRules();
  const visibility = visibilityOf(loaded.flatMap(({ context }) => context.visibility?.(log) ?? []));
  const isErased = erasuresOf(sides.flatMap(({ context, side }) => context.erasures?.(side) ?? []));
  const routes = [
    ...sides.flatMap(({ context, side }) => context.routes({ ...side, exports })),
    ...todoRoutes({
      readModel: build.readModel({ projection: todoLists }, platform, 'todo'),
      cursors,
      rules,
      visibility,
    }),
    streamRoute(log, keys, cursors, visibility, isErased),
    healthRoute({
      log,
      progress: control,
      parkingLot,
      waitingRoom: build.waitingRoom(platform),
      destinationQueues: publishedQueueNames,
      projections: loaded.map(({ context }) => context.projection),
      queueConsumers: todoConsumers(rules),
      queues: {
        depthOf: (url) => queueDepth(sqs, url),
        workQueues: queueNames.map((name) => ({
          name,
          url: setting(queueUrlVariable(name)),
          failuresUrl: setting(failuresUrlVariable(name)),
        })),
        givenUpNoticesUrl: setting(givenUpNoticesVariable),
      },
      warn,
    }),
  ];
  const openApi = openApiRoute(
    { title: 'Streamfold', version: '1', authentication: authentication.kind },
    routes,
  );
  return createApiHandler({
    routes: [...routes, openApi],
    logger,
    identify: identifier(authentication),
    recordRead,
    now: nodeEffects.now,
    onAnswered,
  });
}
