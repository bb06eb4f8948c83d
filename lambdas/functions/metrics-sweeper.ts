import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { tableVariable } from '../../schema/names.ts';
import { sweepDueTargets } from '../contexts/metrics/automations/sweep.ts';
import { metricsContext } from '../contexts/metrics/context.ts';
import { fileMetrics, unfiledRows } from '../contexts/metrics/read-model/filing.ts';
import { activeRows } from '../kernel/index.ts';
import * as build from '../runtime/adapters.ts';
import { dynamoDBClient } from '../runtime/clients.ts';
import { requireEnv } from '../runtime/environment.ts';
import { flushing, InvocationTelemetry } from '../runtime/invocation-telemetry.ts';
import { newLogger } from '../runtime/logger.ts';
import { nodeEffects } from '../runtime/node-effects.ts';
import { powertoolsObserver } from '../runtime/powertools-observer.ts';
import { loadTracer } from '../runtime/tracing.ts';

/** The run ends if less time than this is left, in ms. One page needs it. */
const reserveMs = 10_000;

const { env } = process;
const logger = newLogger();
const telemetry = new InvocationTelemetry(env, nodeEffects);
const observer = powertoolsObserver(logger, loadTracer(env), telemetry);
const platform = { client: dynamoDBClient(), env, effects: nodeEffects };
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

export const handler = middy(sweep)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(flushing(telemetry));
