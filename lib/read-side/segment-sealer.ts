import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { EventLog } from '../command-side/event-log.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { WorkQueue } from '../publishing/work-queue.ts';

export interface SegmentSealerProps extends StageProps {
  readonly eventLog: EventLog;
  readonly queue: WorkQueue;
}

/** Copies the history of long streams into segments. Nothing waits for it, and all that it writes can be written again. */
export class SegmentSealer extends Construct {
  /** Time for some million events. A longer history goes on with the next delivery. */
  static readonly timeout = Duration.minutes(5);
  static readonly userImpact = 'Reading long histories is slow';
  readonly function: BackendFunction;

  constructor(scope: Construct, id: string, props: SegmentSealerProps) {
    super(scope, id);
    const { eventLog, queue } = props;
    this.function = new BackendFunction(this, 'Sealer', {
      ...props,
      functionName: 'segment-sealer',
      description: 'Copies the history of long streams into segments',
      userImpact: SegmentSealer.userImpact,
      timeout: SegmentSealer.timeout,
      memorySizeMb: 1024,
      environment: {
        EVENT_LOG_TABLE: eventLog.table.tableName,
        SEGMENT_TABLE: eventLog.segments.tableName,
      },
    });
    const sealer = this.function;
    eventLog.grantSeal(sealer.lambda);
    sealer.alarmWhenLogChanged();
    queue.feed(sealer, { batchSize: 10, maxConcurrency: 2 });
  }
}
