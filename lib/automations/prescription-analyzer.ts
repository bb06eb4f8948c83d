import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { queueUrlVariable } from '../../schema/names.ts';
import type { DocumentBucket } from '../command-side/document-bucket.ts';
import type { EventLog } from '../command-side/event-log.ts';
import type { SubjectKeys } from '../command-side/subject-keys.ts';
import { acknowledge } from '../platform/acknowledge.ts';
import { BackendFunction } from '../platform/function.ts';
import { inferenceProfile, regionsOf } from '../platform/model-region.ts';
import type { StageConfig, StageProps } from '../platform/stages.ts';
import type { WorkQueue } from '../publishing/work-queue.ts';

export interface PrescriptionAnalyzerProps extends StageProps {
  readonly eventLog: EventLog;
  readonly queue: WorkQueue;
  /** Gets what the function finds. */
  readonly findings: WorkQueue;
  readonly documents: DocumentBucket;
  readonly subjectKeys: SubjectKeys;
}

/**
 * Reads the prescriptions in its queue, and sends the finding of each to the recorder. It parses files of strangers, so it may
 * not write to the log.
 */
export class PrescriptionAnalyzer extends Construct {
  /** 7 s to fetch the pages and 40 s to read them, and some to send what was found. */
  static readonly timeout = Duration.seconds(50);
  /**
   * Just above the timeout, which is the least that SQS accepts, and not six times: a function that a document kills twice is in the
   * failure queue after 110 s. If Lambda throttles the function meanwhile, a message may be delivered twice at a time, or be
   * recorded as not read without an attempt: a person is asked once too often.
   */
  static readonly visibilityTimeout = Duration.seconds(55);
  static readonly userImpact = 'Uploaded prescriptions are not read';
  readonly function: BackendFunction;

  constructor(scope: Construct, id: string, props: PrescriptionAnalyzerProps) {
    super(scope, id);
    const { eventLog, queue, findings, documents, subjectKeys, config } = props;
    this.function = new BackendFunction(this, 'Analyzer', {
      ...props,
      functionName: 'prescription-analyzer',
      description: 'Reads uploaded prescriptions',
      userImpact: PrescriptionAnalyzer.userImpact,
      timeout: PrescriptionAnalyzer.timeout,
      // Nearly a whole CPU: reading a picture takes seconds of CPU time.
      memorySizeMb: 1536,
      environment: {
        EVENT_LOG_TABLE: eventLog.table.tableName,
        [queueUrlVariable('findings')]: findings.queue.queueUrl,
        [queueUrlVariable('analysis')]: queue.queue.queueUrl,
        DOCUMENT_BUCKET: documents.bucket.bucketName,
        ...subjectKeys.environment,
        ...analyzerEnvironment(config.analyzer),
      },
    });
    const analyzer = this.function;
    // A message may have no events: they are in the log.
    eventLog.grantReadCommits(analyzer.lambda);
    analyzer.alarmWhenLogChanged();
    documents.grantKeep(analyzer.lambda);
    // What it finds is encrypted for the recorder. The key exists: the upload is an event of its stream.
    subjectKeys.grantUse(analyzer.lambda);
    findings.grantSend(analyzer.lambda);
    // What a passing fault stopped is sent again, for later.
    queue.grantSend(analyzer.lambda);
    if (config.analyzer !== 'embedded') this.#grantModel(analyzer.lambda, config.analyzer.bedrockModelId);
    // One document per invocation: documents do not wait for each other, or fail together.
    queue.feed(analyzer, { batchSize: 1, maxConcurrency: 5 });
  }

  /** Grants calls of the model. An inference profile calls it in other regions of its geography too. The Converse API needs `InvokeModel`. */
  #grantModel(grantee: IGrantable, modelId: string): void {
    const stack = Stack.of(this);
    const profile = inferenceProfile(modelId);
    const arn = (resource: string, resourceName: string, region: string, account: string) =>
      stack.formatArn({
        service: 'bedrock',
        resource,
        resourceName,
        region,
        account,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      });
    const resourceArns =
      profile === undefined
        ? [arn('foundation-model', modelId, stack.region, '')]
        : [
            arn('inference-profile', modelId, stack.region, stack.account),
            ...regionsOf(profile).map((region) => arn('foundation-model', profile.modelId, region, '')),
          ];
    Grant.addToPrincipal({ grantee, actions: ['bedrock:InvokeModel'], resourceArns });
    if (profile === undefined) return;
    for (const region of regionsOf(profile)) {
      if (!region.includes('*')) continue;
      acknowledge(
        this,
        // The partition is known, because the region is.
        `AwsSolutions-IAM5[Resource::arn:${stack.partition}:bedrock:${region}::foundation-model/${profile.modelId}]`,
        'An inference profile chooses the region in its geography: the statement names the one model that it uses.',
      );
    }
  }
}

function analyzerEnvironment(analyzer: StageConfig['analyzer']): Record<string, string> {
  return analyzer === 'embedded'
    ? { ANALYZER: 'embedded' }
    : { ANALYZER: 'bedrock', BEDROCK_MODEL_ID: analyzer.bedrockModelId };
}
