import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { queueArnVariable } from '../../schema/names.ts';
import type { EventLog } from '../command-side/event-log.ts';
import type { SubjectKeys } from '../command-side/subject-keys.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { WorkQueue } from '../publishing/work-queue.ts';

export interface PrescriptionRecorderProps extends StageProps {
  readonly eventLog: EventLog;
  readonly subjectKeys: SubjectKeys;
  /** What the analyzer found. */
  readonly findings: WorkQueue;
  /** The uploads that the analyzer did not finish. */
  readonly unread: WorkQueue;
}

/**
 * Checks what the analyzer found, and sends a command with each finding; and one for each upload that the analyzer did not finish. It
 * reads no document.
 */
export class PrescriptionRecorder extends Construct {
  static readonly timeout = Duration.seconds(30);
  static readonly userImpact = 'What was read in uploaded prescriptions is not recorded';
  readonly function: BackendFunction;

  constructor(scope: Construct, id: string, props: PrescriptionRecorderProps) {
    super(scope, id);
    const { eventLog, subjectKeys, findings, unread, config } = props;
    this.function = new BackendFunction(this, 'Recorder', {
      ...props,
      functionName: 'prescription-recorder',
      description: 'Records what was read in uploaded prescriptions',
      userImpact: PrescriptionRecorder.userImpact,
      timeout: PrescriptionRecorder.timeout,
      memorySizeMb: 512,
      environment: {
        ...eventLog.commandEnvironment(config),
        ...subjectKeys.environment,
        // The form of a message depends on its queue.
        [queueArnVariable('unread')]: unread.queue.queueArn,
      },
    });
    const recorder = this.function;
    eventLog.grantCommands(recorder.lambda, ['dispense']);
    subjectKeys.grantCreate(recorder.lambda);
    recorder.alarmWhenLogChanged();
    // One finding per invocation: nobody waits for the finding of another prescription.
    findings.feed(recorder, { batchSize: 1, maxConcurrency: 5 });
    unread.feed(recorder, { batchSize: 1, maxConcurrency: 2 });
  }
}
