import type { KinesisStreamEvent, SQSEvent } from 'aws-lambda';
import { todoConsumer, todoLists } from '../../../lambdas/contexts/todo/read-model/projection.ts';
import {
  type BatchProgressBoard,
  categoryRows,
  GenerationalProjector,
} from '../../../lambdas/kernel/index.ts';
import { projectBatch, projectMessages } from '../../../lambdas/kernel/lambda/index.ts';
import { decodeCommit } from '../../../lambdas/messaging/published-commit.ts';
import * as build from '../../../lambdas/runtime/adapters.ts';
import { requirePositiveInteger } from '../../../lambdas/runtime/environment.ts';
import { batchesPerShardVariable } from '../../../schema/names.ts';
import type { Instance } from '../world/instance.ts';
import { definitionsIn } from './definitions.ts';
import type { Handler } from './handler.ts';
import { observerOf } from './observer.ts';

type BatchProjector = Parameters<typeof projectBatch>[1]['projector'];

const redriveMax = 1_000;

/** Told that a consumer projects records, by their sequence numbers in order, unless a fault kept it from noting the begin. */
export type OnProject = (consumer: string, numbers: readonly string[]) => void;

/** The projector of the event stream into one read model. */
export function composeProjector(
  instance: Instance,
  platform: build.Platform,
  {
    context,
    onProject,
  }: { readonly context: 'ledger' | 'metrics' | 'dispense' | 'person'; readonly onProject: OnProject },
): Handler {
  const [own] = definitionsIn(instance.version).readModelOf[context].projections;
  if (own === undefined) throw new Error(`The read model ${context} has no projection.`);
  const { projection } = own;
  const shared = sharedBy(instance, platform);
  const generations = build.writtenReadModels({ projection }, platform, context);
  const projector = new GenerationalProjector({ ...shared, projection, generations });
  const progress = build.control(platform);
  const dependencies = {
    ...shared,
    consumer: projection.name,
    category: projection.category,
    decode: decodeCommit,
    progress,
    batchesPerShard: requirePositiveInteger(platform.env, batchesPerShardVariable),
  };
  return async (event) => {
    const asked = event as KinesisStreamEvent | { readonly redrive: true };
    if (!('Records' in asked)) return projector.redrive(redriveMax);
    const watched = watching(projector, progress, () =>
      onProject(
        projection.name,
        asked.Records.filter(({ kinesis }) => kinesis.partitionKey.startsWith(`${projection.category}/`)).map(
          ({ kinesis }) => kinesis.sequenceNumber,
        ),
      ),
    );
    return (await projectBatch(asked.Records, { ...dependencies, ...watched })).response;
  };
}

/** A projector and its progress for one batch. `onBegin`: it projects, and no fault kept it from noting that it begins. */
function watching(projector: BatchProjector, progress: BatchProgressBoard, onBegin: () => void) {
  let isUnnoted = false;
  return {
    projector: {
      name: projector.name,
      project: (updates: Parameters<BatchProjector['project']>[0]) => {
        if (!isUnnoted) onBegin();
        return projector.project(updates);
      },
    },
    progress: {
      note: (...note: Parameters<BatchProgressBoard['note']>) => progress.note(...note),
      read: (consumer: string) => progress.read(consumer),
      noteBatch: (...note: Parameters<BatchProgressBoard['noteBatch']>) => progress.noteBatch(...note),
      noteBegin: async (...note: Parameters<BatchProgressBoard['noteBegin']>) => {
        isUnnoted = true;
        const noted = await progress.noteBegin(...note);
        isUnnoted = false;
        return noted;
      },
    },
  };
}

/** The projector of the queue into the TODO list. */
export function composeTodoProjector(instance: Instance, platform: build.Platform): Handler {
  const shared = sharedBy(instance, platform);
  const items = build.writtenReadModels({ projection: todoLists }, platform, 'todo');
  const projectors = new Map(
    definitionsIn(instance.version).projectionsOfTodo.map((projection) => {
      const { category } = projection;
      const generations = async () => (await items()).map((rows) => categoryRows(rows, category));
      return [category, new GenerationalProjector({ ...shared, projection, generations })];
    }),
  );
  const dependencies = { ...shared, consumer: todoConsumer, decode: decodeCommit, projectors };
  return async (event) => {
    const asked = event as SQSEvent | { readonly redrive: true };
    if (!('Records' in asked)) {
      return Promise.all([...projectors.values()].map((projector) => projector.redrive(redriveMax)));
    }
    return (await projectMessages(asked.Records, dependencies)).response;
  };
}

function sharedBy(instance: Instance, platform: build.Platform) {
  const observer = observerOf(instance);
  return {
    log: build.eventLog(platform, observer),
    parkingLot: build.parkingLot(platform),
    observer,
    effects: platform.effects,
  };
}
