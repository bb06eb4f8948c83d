import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { loadTodoRules } from '../contexts/load-todo-rules.ts';
import { todoConsumer, todoLists, todoProjections } from '../contexts/todo/read-model/projection.ts';
import {
  categoryOfStream,
  categoryRows,
  GenerationalProjector,
  type RedrivenStreams,
} from '../kernel/index.ts';
import { projectMessages } from '../kernel/lambda/index.ts';
import { decodeCommit } from '../messaging/published-commit.ts';
import * as build from '../runtime/adapters.ts';
import { quietly } from '../runtime/function-observer.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { nodeEffects } from '../runtime/node-effects.ts';
import { once } from '../runtime/once.ts';
import { isRedrive, type RedriveEvent } from '../runtime/redrive-event.ts';

/** Maximum number of parked streams of each context that one redrive retries. */
const redriveMax = 1_000;

const { env } = process;
const runtime = functionRuntime(env);
const { logger, telemetry, observer, platform } = runtime;
const log = build.eventLog(platform, observer);
const parkingLot = build.parkingLot(platform);
const items = build.writtenReadModels({ projection: todoLists }, platform, 'todo');

/** A projector for each context with TODO rules, by category. */
const loadProjectors = once(async () => {
  const projections = todoProjections(await loadTodoRules());
  return new Map(projections.map((projection) => [projection.category, projectorOf(projection)]));
});

function projectorOf(projection: ReturnType<typeof todoProjections>[number]) {
  const generations = async () => (await items()).map((rows) => categoryRows(rows, projection.category));
  const effects = nodeEffects;
  return new GenerationalProjector({ projection, log, generations, parkingLot, observer, effects });
}

/** Projects the commits in the queue into open and closed items. */
async function project(event: SQSEvent | RedriveEvent): Promise<SQSBatchResponse | RedrivenStreams[]> {
  const projectors = await loadProjectors();
  if (isRedrive(event)) return redrive(projectors, event.after);
  if (!('Records' in event)) {
    throw new TypeError(
      'A projector accepts a batch of the queue, or {"redrive": true} to retry the parked streams.',
    );
  }
  const dependencies = { consumer: todoConsumer, decode: decodeCommit, projectors, parkingLot, observer };
  const { response, commits, ...counts } = await projectMessages(event.Records, dependencies);
  quietly(() => {
    const correlationIds = [...new Set(commits.map(({ correlationId }) => correlationId))];
    telemetry.lag('ProjectionLag', commits);
    logger.info('Projected a batch of the TODO queue', {
      commits: commits.length,
      ...counts,
      correlationIds,
    });
  });
  return response;
}

/** Retries the parked streams of each context. With `after`, a stream, only those of its context that are after it. */
async function redrive(
  projectors: Awaited<ReturnType<typeof loadProjectors>>,
  after?: string,
): Promise<RedrivenStreams[]> {
  if (after === undefined) {
    return Promise.all([...projectors.values()].map((projector) => projector.redrive(redriveMax)));
  }
  const projector = projectors.get(categoryOfStream(after));
  if (projector === undefined) throw new RangeError(`No context with TODO items has the stream ${after}.`);
  return [await projector.redrive(redriveMax, after)];
}

export const handler = runtime.handler(project);
