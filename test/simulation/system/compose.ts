import type { Instance } from '../world/instance.ts';
import { composeApi } from './api.ts';
import { composeAnalyzer, composeRecorder, composeSealer, composeSweeper } from './automations.ts';
import type { Documents } from './documents.ts';
import type { Compose, Handler } from './handler.ts';
import { composeEraser, composeIndexer } from './persons.ts';
import { composeProjector, composeTodoProjector, type OnProject } from './projectors.ts';
import { composePublisher } from './publisher.ts';
import { composeRebuilder } from './rebuilder.ts';

/**
 * Composes the functions out of the parts that `lambdas/functions` composes them from. `env`: the variables of the stack.
 * `onProject` is told about the batches of projectors.
 */
export function composer(env: Readonly<Record<string, string>>, parts: Omit<Parts, 'env'>): Compose {
  return (instance) => compose(instance, { env, ...parts });
}

interface Parts {
  readonly env: Readonly<Record<string, string>>;
  readonly onProject: OnProject;
  readonly documents: Documents;
}

function compose(instance: Instance, { env, onProject, documents }: Parts): Handler {
  const platform = { client: instance.clients.dynamodb, env, effects: instance.effects };
  switch (instance.functionName) {
    case 'api':
      return composeApi(instance, platform, documents);
    case 'publisher':
      return composePublisher(instance, platform);
    case 'ledger-projector':
      return composeProjector(instance, platform, { context: 'ledger', onProject });
    case 'metrics-projector':
      return composeProjector(instance, platform, { context: 'metrics', onProject });
    case 'dispense-projector':
      return composeProjector(instance, platform, { context: 'dispense', onProject });
    case 'person-projector':
      return composeProjector(instance, platform, { context: 'person', onProject });
    case 'person-indexer':
      return composeIndexer(instance, platform);
    case 'person-eraser':
      return composeEraser(instance, platform, documents);
    case 'todo-projector':
      return composeTodoProjector(instance, platform);
    case 'segment-sealer':
      return composeSealer(instance, platform);
    case 'prescription-analyzer':
      return composeAnalyzer(instance, platform, documents);
    case 'prescription-recorder':
      return composeRecorder(instance, platform);
    case 'metrics-sweeper':
      return composeSweeper(instance, platform);
    case 'rebuilder':
      return composeRebuilder(instance, platform);
  }
}
