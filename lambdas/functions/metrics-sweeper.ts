import type { Context } from 'aws-lambda';
import { tableVariable } from '../../schema/names.ts';
import { sweepDueTargets } from '../contexts/metrics/automations/sweep.ts';
import { metricsContext } from '../contexts/metrics/context.ts';
import { fileMetrics, unfiledRows } from '../contexts/metrics/read-model/filing.ts';
import { activeRows } from '../kernel/index.ts';
import * as build from '../runtime/adapters.ts';
import { requireEnv } from '../runtime/environment.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { nodeEffects } from '../runtime/node-effects.ts';

/** The run ends if less time than this is left, in ms. One page needs it. */
const reserveMs = 10_000;

const { env } = process;
const runtime = functionRuntime(env);
const { logger, observer, platform } = runtime;
const generations = build.generations(platform, 'metrics');
const rowsOf = (generation: string) =>
  build.generationOf(metricsContext, platform, requireEnv(env, tableVariable('metrics')), generation);
const dependencies = {
  readModel: activeRows(generations, rowsOf),
  handler: build.commandHandler(metricsContext, build.commandSide(platform, observer)),
  bookmarks: build.control(platform),
  settled: new Set<string>(),
  observer,
};

const filing = { ...dependencies, readModel: unfiledRows(generations, rowsOf) };

/** Expires the targets whose deadline has passed, then files metrics that have no entry yet. A schedule invokes it. */
async function sweep(_event: unknown, context: Context): Promise<void> {
  const hasTime = () => context.getRemainingTimeInMillis() > reserveMs;
  const result = await sweepDueTargets(dependencies, nodeEffects.now(), hasTime);
  logger.info('Swept the due targets', { ...result });
  await fileMetrics(filing, nodeEffects.now(), hasTime);
}

export const handler = runtime.handler(sweep);
