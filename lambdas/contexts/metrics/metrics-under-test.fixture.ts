import { Logger } from '@aws-lambda-powertools/logger';
import { createApiHandler } from '../../http/api-handler.ts';
import { createCursors } from '../../http/cursor.ts';
import { callerOf, type TestRequest, type TestResponse } from '../../http/testing.ts';
import { CommandHandler, Projector, type ReadModel } from '../../kernel/index.ts';
import {
  MemoryEventLog,
  MemoryParkingLot,
  MemoryReadModel,
  MemorySnapshotStore,
} from '../../kernel/memory/index.ts';
import { simulatedEffects } from '../../kernel/testing/index.ts';
import { metricAnswer } from './api/answers.ts';
import { metricRoutes } from './api/routes.ts';
import { metricEvents } from './domain/events.ts';
import { type Measurement, type MetricCommand, metrics } from './domain/metric.ts';
import { at } from './domain/metrics.fixture.ts';
import { type MetricRow, metricsProjection } from './read-model/projection.ts';

export type MetricsUnderTest = ReturnType<typeof metricsUnderTest>;

/** The whole context in memory, with a clock that a spec moves; unless told, its read model is in memory too. */
export function metricsUnderTest(readModel: ReadModel<MetricRow, Measurement> = memoryReadModel()) {
  const log = new MemoryEventLog();
  const clock = { now: at(0) };
  const handler = new CommandHandler({
    log,
    snapshots: new MemorySnapshotStore(),
    decider: metrics,
    events: metricEvents,
    answer: metricAnswer,
    snapshotThreshold: 100,
    effects: simulatedEffects(),
  });
  const projector = new Projector({
    projection: metricsProjection,
    log,
    readModel,
    parkingLot: new MemoryParkingLot(),
    effects: simulatedEffects(),
  });
  const call = callerOf(
    createApiHandler({
      routes: metricRoutes({ handler, log, readModel, cursors: createCursors(Buffer.alloc(32, 7)) }),
      logger: new Logger({ logLevel: 'SILENT' }),
      now: () => clock.now,
    }),
  );
  let commands = 0;
  return {
    log,
    readModel,
    handler,
    clock,
    call,
    post: (path: string, json?: unknown, headers: TestRequest['headers'] = {}) =>
      call('POST', path, json === undefined ? { headers } : { json, headers }),
    get: (path: string, query = '', headers: TestRequest['headers'] = {}): Promise<TestResponse> =>
      call('GET', path, { query, headers }),
    /** Carries out a command as nobody's retry. Throws where it is rejected. */
    send: async (id: string, command: MetricCommand) => {
      commands += 1;
      const request = { commandId: `command ${commands}`, intent: commands, now: command.now };
      const result = await handler.handle([{ id, command }], { ...request, correlationId: 'spec' });
      if (result.outcome === 'rejected') throw new Error(result.rejection.code);
      return result;
    },
    /** What the log has of a metric: type and data of every event. */
    events: async (id: string) =>
      (await Array.fromAsync(log.read(`metrics/${id}`)))
        .flat()
        .flatMap((commit) => commit.events.map(({ type, data }) => [type, data] as const)),
    /** Lets the projector catch up. */
    project: async (...ids: readonly string[]) => {
      const updates = ids.map(async (id) => {
        const stream = `metrics/${id}` as const;
        const commits = (await Array.fromAsync(log.read(stream))).flat();
        const reachedVersion = commits.reduce((sum, commit) => sum + commit.events.length, 0);
        return { stream, commits, reachedVersion };
      });
      const { parked, failed } = await projector.project(await Promise.all(updates));
      if (parked.length + failed.length > 0) throw new Error(`Not projected: ${[...parked, ...failed]}`);
    },
  };
}

function memoryReadModel(): MemoryReadModel<MetricRow, Measurement> {
  return new MemoryReadModel<MetricRow, Measurement>(metricsProjection);
}
