import type { KinesisStreamEvent, SQSEvent } from 'aws-lambda';
import { todoConsumer, todoLists } from '../../../lambdas/contexts/todo/read-model/projection.ts';
import { categoryRows, GenerationalProjector } from '../../../lambdas/kernel/index.ts';
import { projectBatch, projectMessages } from '../../../lambdas/kernel/lambda/index.ts';
import { decodeCommit } from '../../../lambdas/messaging/published-commit.ts';
import * as build from '../../../lambdas/runtime/adapters.ts';
import type { Instance } from '../world/instance.ts';
import { definitionsIn } from './definitions.ts';
import type { Handler } from './handler.ts';
import { observerOf } from './observer.ts';

const redriveMax = 1_000;

/** The projector of the event stream into one read model. */
export function composeProjector(
  instance: Instance,
  platform: build.Platform,
  context: 'ledger' | 'metrics' | 'dispense',
): Handler {
  const [own] = definitionsIn(instance.version).readModelOf[context].projections;
  if (own === undefined) throw new Error(`The read model ${context} has no projection.`);
  const { projection } = own;
  const shared = sharedBy(instance, platform);
  const generations = build.writtenReadModels({ projection }, platform, context);
  const projector = new GenerationalProjector({ ...shared, projection, generations });
  const dependencies = {
    ...shared,
    projector,
    consumer: projection.name,
    category: projection.category,
    decode: decodeCommit,
    progress: build.control(platform),
  };
  return async (event) => {
    const asked = event as KinesisStreamEvent | { readonly redrive: true };
    if (!('Records' in asked)) return projector.redrive(redriveMax);
    return (await projectBatch(asked.Records, dependencies)).response;
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
