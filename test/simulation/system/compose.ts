import type { Instance } from '../world/instance.ts';
import { composeApi } from './api.ts';
import { composeAnalyzer, composeRecorder, composeSealer, composeSweeper } from './automations.ts';
import type { Documents } from './documents.ts';
import type { Compose, Handler } from './handler.ts';
import { composeProjector, composeTodoProjector } from './projectors.ts';
import { composePublisher } from './publisher.ts';
import { composeRebuilder } from './rebuilder.ts';

/** Composes the functions out of the parts that `lambdas/functions` composes them from. `env`: the variables of the stack. */
export function composer(env: Readonly<Record<string, string>>): Compose {
  const documents: Documents = new Map();
  return (instance) => compose(instance, env, documents);
}

function compose(instance: Instance, env: Readonly<Record<string, string>>, documents: Documents): Handler {
  const platform = { client: instance.clients.dynamodb, env, effects: instance.effects };
  switch (instance.functionName) {
    case 'api':
      return composeApi(instance, platform, documents);
    case 'publisher':
      return composePublisher(instance, platform);
    case 'ledger-projector':
      return composeProjector(instance, platform, 'ledger');
    case 'metrics-projector':
      return composeProjector(instance, platform, 'metrics');
    case 'dispense-projector':
      return composeProjector(instance, platform, 'dispense');
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
