import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { queueUrlVariable } from '../../schema/names.ts';
import type { DocumentBucket } from '../command-side/document-bucket.ts';
import type { EventLog } from '../command-side/event-log.ts';
import type { PersonIndex } from '../command-side/person-index.ts';
import type { SubjectKeys } from '../command-side/subject-keys.ts';
import { addSilenceAlarm } from '../operations/alarm.ts';
import { ruleInvocations } from '../operations/rule-invocations.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';
import type { WorkQueue } from '../publishing/work-queue.ts';
import type { Control } from '../read-side/control.ts';

export interface PersonEraserProps extends StageProps {
  readonly eventLog: EventLog;
  readonly control: Control;
  readonly subjectKeys: SubjectKeys;
  readonly personIndex: PersonIndex;
  readonly documents: DocumentBucket;
  /** The persons and streams to erase. */
  readonly erasures: WorkQueue;
}

/**
 * Erases persons, and streams whose retention has ended. It is the only function that may delete keys, and versions of documents. It
 * cannot decrypt.
 */
export class PersonEraser extends Construct {
  static readonly timeout = Duration.seconds(60);
  static readonly userImpact = 'Personal data that must be erased are not erased';
  readonly function: BackendFunction;

  constructor(scope: Construct, id: string, props: PersonEraserProps) {
    super(scope, id);
    const { eventLog, control, subjectKeys, personIndex, documents, erasures, config } = props;
    this.function = new BackendFunction(this, 'Eraser', {
      ...props,
      functionName: 'person-eraser',
      description: 'Erases the data of persons',
      userImpact: PersonEraser.userImpact,
      timeout: PersonEraser.timeout,
      memorySizeMb: 512,
      environment: {
        ...eventLog.commandEnvironment(config),
        // Without the key of KMS: it decrypts nothing.
        SUBJECT_KEY_TABLE: subjectKeys.table.tableName,
        ...personIndex.environment,
        DOCUMENT_BUCKET: documents.bucket.bucketName,
        CONTROL_TABLE: control.table.tableName,
        [queueUrlVariable('erasures')]: erasures.queue.queueUrl,
        ...(config.retentionDays !== 'off' && { RETENTION_DAYS: String(config.retentionDays) }),
      },
    });
    const eraser = this.function;
    eventLog.grantCommands(eraser.lambda, ['dispense', 'person']);
    eraser.alarmWhenLogChanged();
    subjectKeys.grantDestroy(eraser.lambda);
    personIndex.grantRemove(eraser.lambda);
    documents.grantErase(eraser.lambda);
    // What it cannot finish, and the streams whose retention has ended.
    erasures.grantSend(eraser.lambda);
    // One erasure per invocation: none waits for another, or fails with it.
    erasures.feed(eraser, { batchSize: 1, maxConcurrency: 3 });
    // Where its runs stopped: of the retention, and after a restore.
    control.grantFacts(eraser.lambda);
    if (config.retentionDays !== 'off') this.#runRetention();
  }

  #runRetention(): void {
    const eraser = this.function;
    const rule = new Rule(this, 'EveryHour', {
      description: 'Looks for data whose retention has ended',
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [
        new LambdaFunction(eraser.lambda, {
          retryAttempts: 0,
          event: RuleTargetInput.fromObject({ retention: true }),
        }),
      ],
    });
    acknowledge(
      rule,
      'Serverless-EventBusDLQ',
      'A run that fails loses no work: the next run, an hour later, finds the same streams.',
    );
    // Only this alarm shows that the rule is disabled, or is not allowed to invoke its target.
    addSilenceAlarm(this, 'RetentionStopped', {
      description: `${eraser.userImpact}: the schedule has not looked for ended retentions for three hours.`,
      runbook: 'retention-stopped',
      metric: ruleInvocations(rule, Duration.hours(1)),
      periods: 3,
    });
  }
}
