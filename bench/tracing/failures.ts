import type { Repetitions } from '../measure/in-turns.ts';
import { inRotatingTurns } from '../measure/rotating.ts';
import { type Api, firstCredit, send, type Variant } from './api.ts';
import { startInstance } from './api-instance.ts';
import type { FailureFigure, TracingFigures } from './figures.ts';
import { type Behaviour, type Receiver, startReceiver } from './receiver.ts';
import { accountRequests } from './requests.ts';
import { offVariables, otlpVariables } from './variables.ts';

/** What the receivers do after the warm-up. */
const behaviours = [
  'works',
  'refuses',
  'slow',
  'answers 500',
  'answers garbage',
] as const satisfies readonly Behaviour[];

/** Credits without tracing, and with receivers that work during the warm-up and then fail all at once. */
export async function failures(
  api: Api,
  { warmUps, counted }: Repetitions,
): Promise<Pick<TracingFigures, 'failures' | 'failureSeconds'>> {
  await using stack = new AsyncDisposableStack();
  const contenders = [contender(api, stack, 'no tracing', undefined)];
  const receivers: Receiver[] = [];
  for (const behaviour of behaviours) {
    const receiver = stack.use(await startReceiver());
    receivers.push(receiver);
    contenders.push(contender(api, stack, behaviour, receiver));
  }
  for (const { start } of contenders) await start();
  await inRotatingTurns(contenders, { warmUps, counted: 0 });
  const before = receivers.map(({ requests }) => requests);
  for (const [index, behaviour] of behaviours.entries()) await receivers[index]?.behave(behaviour);
  const startedAt = performance.now();
  const samples = await inRotatingTurns(contenders, { warmUps: 0, counted });
  const failureSeconds = (performance.now() - startedAt) / 1_000;
  const figures: FailureFigure[] = [];
  for (const [index, { name, stop }] of contenders.entries()) {
    const requests = (receivers[index - 1]?.requests ?? 0) - (before[index - 1] ?? 0);
    figures.push({ name, samplesMs: samples[index] ?? [], requests, ...(await stop()) });
  }
  return { failures: figures, failureSeconds };
}

function contender(api: Api, stack: AsyncDisposableStack, name: string, receiver: Receiver | undefined) {
  const variables = receiver ? otlpVariables(receiver.url, 1) : offVariables;
  const variant: Variant = { name, variables, isSampled: false };
  const instance = stack.use(startInstance({ ...api.environment, ...variables }));
  const { credit } = accountRequests();
  return {
    name,
    start: () => firstCredit(instance, api, variant),
    run: async () => (await send(instance, variant, credit)).ms,
    stop: () => instance.stop(),
  };
}
