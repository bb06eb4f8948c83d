import type { SQSEvent } from 'aws-lambda';
import { analyzeUploads } from '../../../lambdas/contexts/dispense/automations/analysis/analyze-uploads.ts';
import { recordAnalyses } from '../../../lambdas/contexts/dispense/automations/analysis/record-analyses.ts';
import { SqsAnalysisQueue } from '../../../lambdas/contexts/dispense/automations/analysis/sqs-analysis-queue.ts';
import { SqsFindings } from '../../../lambdas/contexts/dispense/automations/analysis/sqs-findings.ts';
import { sweepDueTargets } from '../../../lambdas/contexts/metrics/automations/sweep.ts';
import { fileMetrics, unfiledRows } from '../../../lambdas/contexts/metrics/read-model/filing.ts';
import { activeRows } from '../../../lambdas/kernel/index.ts';
import { Sealer } from '../../../lambdas/kernel/segments/index.ts';
import { sealBatch } from '../../../lambdas/messaging/seal-batch.ts';
import * as build from '../../../lambdas/runtime/adapters.ts';
import { queueArn } from '../services/queue.ts';
import type { Instance } from '../world/instance.ts';
import { simulatedAnalyzer } from './analyzer.ts';
import { definitionsIn } from './definitions.ts';
import { type Documents, documentStoreOf } from './documents.ts';
import type { Handler } from './handler.ts';
import { keysOf } from './keys.ts';
import { observerOf } from './observer.ts';
import { queueUrl, readModelName } from './tables.ts';

/** A run begins nothing more if less time than this is left, in ms. */
const sweepReserveMs = 10_000;
const sealReserveMs = 15_000;

/** The function `metrics-sweeper`. */
export function composeSweeper(instance: Instance, platform: build.Platform): Handler {
  const observer = observerOf(instance);
  const generations = build.generations(platform, 'metrics');
  const rowsOf = (generation: string) =>
    build.generationOf(
      definitionsIn(instance.version).contexts.metrics,
      platform,
      readModelName('metrics'),
      generation,
    );
  const { metrics } = definitionsIn(instance.version).contexts;
  const dependencies = {
    readModel: activeRows(generations, rowsOf),
    handler: build.commandHandler(metrics, build.commandSide(platform, observer)),
    bookmarks: build.control(platform),
    settled: new Set<string>(),
    observer,
  };
  const filing = { ...dependencies, readModel: unfiledRows(generations, rowsOf) };
  return async (_event, { remainingMs }) => {
    const hasTime = () => remainingMs() > sweepReserveMs;
    await sweepDueTargets(dependencies, platform.effects.now(), hasTime);
    await fileMetrics(filing, platform.effects.now(), hasTime);
  };
}

/** The function `segment-sealer`. */
export function composeSealer(instance: Instance, platform: build.Platform): Handler {
  const observer = observerOf(instance);
  const log = build.eventLog(platform, observer);
  const segments = build.segments(platform);
  const { sealedProjections: projections } = definitionsIn(instance.version);
  const sealer = new Sealer({ log, segments, projections, observer });
  return async (event, { remainingMs }) => {
    const hasTime = () => remainingMs() > sealReserveMs;
    return (await sealBatch((event as SQSEvent).Records, { sealer, hasTime, observer })).response;
  };
}

/** The function `prescription-analyzer`, without its readers. */
export function composeAnalyzer(instance: Instance, platform: build.Platform, documents: Documents): Handler {
  const observer = observerOf(instance);
  const dependencies = {
    log: build.eventLog(platform, observer),
    documents: documentStoreOf(instance, documents),
    analyzer: simulatedAnalyzer(platform.effects),
    effects: platform.effects,
    findings: new SqsFindings(instance.clients.sqs, queueUrl('findings')),
    queue: new SqsAnalysisQueue(instance.clients.sqs, queueUrl('analysis')),
    observer,
    keys: keysOf(instance, platform),
  };
  return async (event) => (await analyzeUploads((event as SQSEvent).Records, dependencies)).response;
}

/** The function `prescription-recorder`. */
export function composeRecorder(instance: Instance, platform: build.Platform): Handler {
  const keys = keysOf(instance, platform);
  const side = build.commandSide(platform, observerOf(instance), keys);
  const dependencies = {
    log: side.log,
    observer: side.observer,
    handler: build.commandHandler(definitionsIn(instance.version).contexts.dispense, side),
    now: platform.effects.now,
    unreadQueueArn: queueArn('unread'),
    keys,
  };
  return async (event) => (await recordAnalyses((event as SQSEvent).Records, dependencies)).response;
}
