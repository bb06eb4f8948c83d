import { setTimeout as delay } from 'node:timers/promises';
import type { AwsClient } from '../aws-json.ts';
import { backoffMs, pause } from './backoff.ts';
import { Checkpoints } from './checkpoints.ts';
import { dynamodbSource } from './dynamodb-source.ts';
import {
  type FailureDestinationOptions,
  type GivenUp,
  sendToFailureDestination,
} from './failure-destination.ts';
import { kinesisSource } from './kinesis-source.ts';
import type { EventSourceMapping } from './mapping.ts';
import { pollQueue } from './queue-poller.ts';
import { pollStream } from './stream-poller.ts';
import type { WakeSignal } from './wake-signal.ts';

export interface EventSourceOptions extends FailureDestinationOptions {
  streams: AwsClient;
  kinesis: AwsClient;
  wakeSignal: WakeSignal;
  /** Where checkpoints are kept; in memory without it. */
  checkpointFolder?: string;
  warn: (line: string) => void;
}

/** How long a stop waits for running batches, before their functions are stopped. */
const stopTimeoutMs = 2_000;
const failureReportAttempts = 5;

/** Starts to feed functions from their sources. The result stops it. */
export function startEventSources(
  mappings: readonly EventSourceMapping[],
  options: EventSourceOptions,
): { stop(): Promise<void> } {
  const controller = new AbortController();
  const running = mappings.map((mapping) => start(mapping, options, controller.signal));
  return {
    async stop() {
      controller.abort();
      await Promise.race([Promise.all(running), delay(stopTimeoutMs, undefined, { ref: false })]);
    },
  };
}

function start(mapping: EventSourceMapping, options: EventSourceOptions, signal: AbortSignal): Promise<void> {
  const { streams, kinesis, sqs, wakeSignal, checkpointFolder: folder, warn } = options;
  const { id, kind, sourceArn } = mapping;
  if (kind === 'sqs') return pollQueue({ sqs, mapping, wakeSignal, signal, warn });
  return pollStream({
    source: kind === 'dynamodb' ? dynamodbSource(streams, sourceArn) : kinesisSource(kinesis, sourceArn),
    mapping,
    wakeSignal,
    signal,
    warn,
    checkpoints: new Checkpoints({ id, sourceArn, ...(folder !== undefined && { folder }), warn }),
    onGivenUp: (givenUp) => report(options, mapping, givenUp, signal),
  });
}

async function report(
  options: FailureDestinationOptions,
  mapping: EventSourceMapping,
  givenUp: GivenUp,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendToFailureDestination(options, mapping, givenUp);
    } catch (error) {
      if (attempt === failureReportAttempts || signal.aborted) throw error;
      await pause(backoffMs(attempt, 100, 2_000), signal);
    }
  }
}
