import type { Repetitions } from '../measure/in-turns.ts';
import { inRotatingTurns } from '../measure/rotating.ts';
import { type Api, firstCredit, send, type Variant } from './api.ts';
import { startInstance } from './api-instance.ts';
import type { Comparison, TracingFigures } from './figures.ts';
import type { Timing } from './messages.ts';
import { type Receiver, spansIn, startReceiver } from './receiver.ts';
import { type ApiRequest, accountRequests } from './requests.ts';
import { offVariables, otlpVariables, xrayVariables } from './variables.ts';
import { startXRayDaemon, type XRayDaemon } from './xray-daemon.ts';

/** The costs of a start and of requests with each adapter; its receiver answers at once. */
export async function costs(
  api: Api,
  { starts, warm }: { readonly starts: Repetitions; readonly warm: Repetitions },
): Promise<Pick<TracingFigures, 'cost' | 'exports'>> {
  await using receiver = await startReceiver();
  await using daemon = await startXRayDaemon();
  const variants = variantsOf(receiver, daemon);
  const started = await inRotatingTurns(
    variants.map((variant) => ({ name: variant.name, run: () => start(api, variant) })),
    starts,
  );
  const startExports = { arrived: receiver.exports, all: starts.warmUps + starts.counted };
  const { credits, reads, exported } = await warmTimings(api, variants, warm, receiver);
  const of = comparisonOf(variants);
  return {
    cost: [
      of('start: load', 'median', started, ({ loadMs }) => loadMs),
      of('start: load and first credit', 'median', started, ({ ms }) => ms),
      of('the same, time of processors', 'mean', started, ({ cpuMs }) => cpuMs),
      of('credit', 'median', credits, ({ ms }) => ms),
      of('credit, time of processors', 'mean', credits, ({ cpuMs }) => cpuMs),
      of('read of one event', 'median', reads, ({ ms }) => ms),
      of('read, time of processors', 'mean', reads, ({ cpuMs }) => cpuMs),
    ],
    exports: { ...exported, starts: startExports },
  };
}

function variantsOf({ url }: Receiver, { address }: XRayDaemon): readonly Variant[] {
  const xray = xrayVariables(address);
  return [
    { name: 'off', variables: offVariables, isSampled: false },
    { name: 'X-Ray', variables: xray, isSampled: true },
    { name: 'X-Ray, not sampled', variables: xray, isSampled: false },
    { name: 'OTLP', variables: otlpVariables(url, 1), isSampled: false },
    { name: 'OTLP, not sampled', variables: otlpVariables(url, 0), isSampled: false },
  ];
}

/** A start in a new process. */
async function start(api: Api, variant: Variant): Promise<Timing> {
  await using instance = startInstance({ ...api.environment, ...variant.variables });
  return await firstCredit(instance, api, variant);
}

/** All processes live through all turns: requests of one variant never share a process with another's. */
async function warmTimings(
  api: Api,
  variants: readonly Variant[],
  repetitions: Repetitions,
  receiver: Receiver,
) {
  await using stack = new AsyncDisposableStack();
  const instances = variants.map((variant) => {
    const instance = stack.use(startInstance({ ...api.environment, ...variant.variables }));
    return { variant, instance, requests: accountRequests() };
  });
  for (const { instance, variant, requests } of instances) {
    await firstCredit(instance, api, variant);
    await send(instance, variant, requests.credit);
  }
  const timings = (requestOf: (requests: ReturnType<typeof accountRequests>) => ApiRequest) =>
    inRotatingTurns(
      instances.map(({ instance, variant, requests }) => ({
        name: variant.name,
        run: () => send(instance, variant, requestOf(requests)),
      })),
      repetitions,
    );
  const before = receiver.exports;
  const credits = await timings(({ credit }) => credit);
  const exported = {
    ...{ creditSpans: spansIn(receiver.last), creditBytes: receiver.last?.length ?? 0 },
    credits: { arrived: receiver.exports - before, all: repetitions.warmUps + repetitions.counted },
  };
  return { credits, reads: await timings(({ read }) => read), exported };
}

function comparisonOf(variants: readonly Variant[]) {
  return (
    what: string,
    average: Comparison['average'],
    timings: readonly (readonly Timing[])[],
    pick: (timing: Timing) => number,
  ): Comparison => {
    const results = variants.map(({ name }, index) => ({
      name,
      samplesMs: (timings[index] ?? []).map(pick),
    }));
    return { what, average, results };
  };
}
