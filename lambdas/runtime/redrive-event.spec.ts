import { beforeAll, describe, expect, it } from '@jest/globals';
import { queueNames } from '../../schema/contexts.ts';
import { batchesPerShardVariable, queueUrlVariable, tableVariable } from '../../schema/names.ts';

type Invoke = (event: object, context: object) => Promise<unknown>;
const functions: Record<string, Invoke> = {};

beforeAll(async () => {
  const tables = ['EVENT_LOG_TABLE', 'PARKED_TABLE', 'WAITING_TABLE', 'CONTROL_TABLE', 'EVENT_STREAM'];
  const readModels = (['ledger', 'todo'] as const).map(tableVariable);
  const telemetry = ['POWERTOOLS_SERVICE_NAME', 'STAGE'];
  const variables = [...telemetry, ...tables, ...queueNames.map(queueUrlVariable), ...readModels];
  const env = Object.fromEntries(variables.map((name) => [name, 'none']));
  Object.assign(process.env, env, { AWS_REGION: 'eu-central-1', POWERTOOLS_LOG_LEVEL: 'SILENT' });
  const [publisher, todo, { projectorHandler }, { default: projection }] = await Promise.all([
    import('../functions/publisher.ts'),
    import('../functions/todo-projector.ts'),
    import('./projector-handler.ts'),
    import('../contexts/ledger/read-model/projection.ts'),
  ]);
  const projector = projectorHandler({
    projection,
    env: { ...env, [batchesPerShardVariable]: '2' },
    readModel: 'ledger',
  });
  Object.assign(functions, {
    publisher: publisher.handler,
    'todo-projector': todo.handler,
    'ledger-projector': projector,
  });
});

describe('a redrive', () => {
  describe.each(['publisher', 'todo-projector', 'ledger-projector'])('of the %s', (name) => {
    it.each([
      { redrive: false },
      { redrive: 'true' },
      { redrive: null },
      { redrive: true, after: 7 },
      { redrive: true, after: '' },
      {},
    ])('is asked for with true only: %p is refused, with what the function accepts', async (event) => {
      const answer = functions[name]?.(event, { getRemainingTimeInMillis: () => 30_000 });
      await expect(answer).rejects.toThrow(/^(A projector|The publisher) accepts .*\{"redrive": true\}/);
    });
  });

  it.each(['todo-projector', 'ledger-projector'])(
    'of the %s does not continue after a stream of another context',
    async (name) => {
      const event = { redrive: true, after: 'other/a' };
      await expect(functions[name]?.(event, {})).rejects.toThrow(RangeError);
    },
  );
});
