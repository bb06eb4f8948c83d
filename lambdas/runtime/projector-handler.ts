import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { batchesPerShardVariable } from '../../schema/names.ts';
import type { ReadModelName } from '../../schema/projections.ts';
import {
  type DomainEvent,
  GenerationalProjector,
  type Projection,
  type RedrivenStreams,
} from '../kernel/index.ts';
import { type ProjectedRecords, projectBatch } from '../kernel/lambda/index.ts';
import { decodeCommit } from '../messaging/published-commit.ts';
import * as adapters from './adapters.ts';
import { type Environment, requirePositiveInteger } from './environment.ts';
import { quietly } from './function-observer.ts';
import { functionRuntime } from './function-runtime.ts';
import { nodeEffects } from './node-effects.ts';
import { isRedrive, type RedriveEvent } from './redrive-event.ts';

/** Maximum number of parked streams that one redrive retries. */
const redriveMax = 1_000;

/** What a projector function needs. */
export interface ProjectorHandlerOptions<Event extends DomainEvent, Row, Line, List extends string> {
  readonly projection: Projection<Event, Row, Line, List>;
  readonly env: Environment;
  readonly readModel: ReadModelName;
}

/** During a deployment the code can be newer than the variables. Then several batches are assumed: that only costs a write for each. */
function batchesPerShardIn(env: Environment): number {
  return env[batchesPerShardVariable] === undefined
    ? 2
    : requirePositiveInteger(env, batchesPerShardVariable);
}

/** Creates the Lambda handler that projects the event stream into one read model. Throws if a variable is not set. */
export function projectorHandler<Event extends DomainEvent, Row, Line, List extends string>({
  projection,
  env,
  readModel,
}: ProjectorHandlerOptions<Event, Row, Line, List>) {
  const runtime = functionRuntime(env);
  const { logger, telemetry, observer, platform } = runtime;
  const parkingLot = adapters.parkingLot(platform);
  const log = adapters.eventLog(platform, observer);
  const generations = adapters.writtenReadModels({ projection }, platform, readModel);
  const effects = nodeEffects;
  const projector = new GenerationalProjector({
    projection,
    log,
    generations,
    parkingLot,
    observer,
    effects,
  });
  const progress = adapters.control(platform);
  const { name: consumer, category } = projection;
  const dependencies = {
    consumer,
    category,
    decode: decodeCommit,
    projector,
    parkingLot,
    progress,
    batchesPerShard: batchesPerShardIn(env),
    observer,
  };

  const report = ({ commits, projected, parked, failed }: Omit<ProjectedRecords, 'response'>) => {
    telemetry.lag('ProjectionLag', commits);
    // Most batches of a busy stream have only commits of other contexts. Logging them would cost as much as folding.
    if (commits.length + parked + failed === 0) return;
    logger.info('Projected a batch of the event stream', {
      commits: commits.length,
      streams: projected,
      parked,
      failed,
      correlationIds: [...new Set(commits.map(({ correlationId }) => correlationId))],
    });
  };

  const handle = async (
    event: KinesisStreamEvent | RedriveEvent,
  ): Promise<KinesisStreamBatchResponse | RedrivenStreams> => {
    if (isRedrive(event)) {
      const result = await projector.redrive(redriveMax, event.after);
      logger.info('Retried the parked streams', { ...result });
      return result;
    }
    if (!('Records' in event)) {
      throw new TypeError(
        'A projector accepts a batch of the event stream, or {"redrive": true} to retry the parked streams.',
      );
    }
    const { response, ...result } = await projectBatch(event.Records, dependencies);
    quietly(() => report(result));
    return response;
  };
  return runtime.handler(handle);
}
