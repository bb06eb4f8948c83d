import { Logger } from '@aws-lambda-powertools/logger';
import { createApiHandler } from '../../http/api-handler.ts';
import { createCursors } from '../../http/cursor.ts';
import { callerOf, type TestRequest } from '../../http/testing.ts';
import { CommandHandler, Projector, type ReadModel } from '../../kernel/index.ts';
import {
  MemoryEventLog,
  MemoryParkingLot,
  MemoryReadModel,
  MemorySnapshotStore,
} from '../../kernel/memory/index.ts';
import { simulatedEffects } from '../../kernel/testing/index.ts';
import { dispenseAnswer } from './api/answers.ts';
import { dispenseRoutes } from './api/routes.ts';
import { MemoryDocumentStore } from './documents/memory-document-store.ts';
import { at } from './domain/dispense.fixture.ts';
import { type DispenseCommand, dispense } from './domain/dispense.ts';
import { dispenseEvents } from './domain/events.ts';
import { type DispenseRow, dispenseProjection } from './read-model/projection.ts';

export type DispenseUnderTest = ReturnType<typeof dispenseUnderTest>;

interface UnderTestOptions {
  readonly readModel?: ReadModel<DispenseRow, never>;
  readonly logger?: Logger;
}

/** The whole context in memory, with a clock that a spec moves; unless told, its read model is in memory too. */
export function dispenseUnderTest({
  readModel = new MemoryReadModel<DispenseRow, never>(dispenseProjection),
  logger = new Logger({ logLevel: 'SILENT' }),
}: UnderTestOptions = {}) {
  const log = new MemoryEventLog();
  const documents = new MemoryDocumentStore();
  const warnings: string[] = [];
  const clock = { now: at(0) };
  const handler = new CommandHandler({
    log,
    snapshots: new MemorySnapshotStore(),
    decider: dispense,
    events: dispenseEvents,
    answer: dispenseAnswer,
    snapshotThreshold: 100,
    effects: simulatedEffects(),
  });
  const projector = new Projector({
    projection: dispenseProjection,
    log,
    readModel,
    parkingLot: new MemoryParkingLot(),
    effects: simulatedEffects(),
  });
  const routes = dispenseRoutes({
    handler,
    log,
    readModel,
    documents,
    cursors: createCursors(Buffer.alloc(32, 7)),
    warn: (message) => warnings.push(message),
  });
  const call = callerOf(createApiHandler({ routes, logger, now: () => clock.now }));
  const commitsOf = async (id: string) => (await Array.fromAsync(log.read(`dispense/${id}`))).flat();
  const post = (path: string, json?: unknown, headers: TestRequest['headers'] = {}) =>
    call('POST', path, json === undefined ? { headers } : { json, headers });
  let commands = 0;

  return {
    log,
    readModel,
    documents,
    warnings,
    clock,
    call,
    post,
    get: (path: string, query = '', headers: TestRequest['headers'] = {}) =>
      call('GET', path, { query, headers }),
    /** Uploads a document as API Gateway hands it on: what is not sent as text, in base64. */
    upload: (id: string, document: Buffer, headers: TestRequest['headers'] = {}) =>
      call('PUT', `/dispenses/${id}/prescription`, {
        headers: { 'content-type': 'application/octet-stream', ...headers },
        body: document.toString('base64'),
        isBase64Encoded: true,
      }),
    /** Starts a dispense and gives back its id. */
    start: async (): Promise<string> => ((await post('/dispenses')).body as { id: string }).id,
    /** Carries out a command as nobody's retry. Throws where it is rejected. */
    send: async (id: string, command: DispenseCommand) => {
      commands += 1;
      const request = { commandId: `command ${commands}`, intent: commands, now: clock.now };
      const result = await handler.handle([{ id, command }], { ...request, correlationId: 'spec' });
      if (result.outcome === 'rejected') throw new Error(result.rejection.code);
      return result;
    },
    /** What the log has of a dispense: type and data of every event. */
    events: async (id: string) =>
      (await commitsOf(id)).flatMap(({ events }) => events.map(({ type, data }) => [type, data] as const)),
    /** Lets the projector catch up. */
    project: async (...ids: readonly string[]) => {
      const updates = ids.map(async (id) => {
        const commits = await commitsOf(id);
        const reachedVersion = commits.reduce((sum, { events }) => sum + events.length, 0);
        return { stream: `dispense/${id}` as const, commits, reachedVersion };
      });
      const { parked, failed } = await projector.project(await Promise.all(updates));
      if (parked.length + failed.length > 0) throw new Error(`Not projected: ${[...parked, ...failed]}`);
    },
  };
}
